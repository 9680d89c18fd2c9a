-- Everything of the catalogue that tickets of event $1 for its dates $2 show, as one short text: it changes when any
-- of it does. Whole rows, so that a new column needs no thought here; a new table that faces read does.
SELECT md5(concat_ws(
    chr(10),
    event::text,
    organizer::text,
    venue::text,
    (
        SELECT string_agg(each::text, chr(10) ORDER BY each.ordinal)
        FROM catalog_date AS each
        WHERE each.event_id = event.id AND each.ordinal = ANY($2::integer[])
    ),
    (
        SELECT string_agg(each::text, chr(10) ORDER BY each.ordinal)
        FROM catalog_tickettype AS each
        WHERE each.event_id = event.id
    ),
    (
        SELECT string_agg(design::text, chr(10) ORDER BY design.id)
        FROM catalog_ticketdesign AS design
        WHERE design.organizer_id = event.organizer_id AND (design.event_id = event.id OR design.event_id IS NULL)
    ),
    (
        SELECT string_agg(pattern::text || coalesce(stops.said, ''), chr(10) ORDER BY pattern.ordinal)
        FROM catalog_stoppattern AS pattern
        CROSS JOIN LATERAL (
            SELECT string_agg(stop::text, chr(10) ORDER BY stop.id) AS said
            FROM catalog_venue AS stop
            WHERE stop.id = ANY(pattern.venue_ids)
        ) AS stops
        WHERE pattern.event_id = event.id
            AND pattern.ordinal IN (
                SELECT each.pattern
                FROM catalog_date AS each
                WHERE each.event_id = event.id AND each.ordinal = ANY($2::integer[])
            )
    )
))
FROM catalog_event AS event
JOIN organizers_organizer AS organizer ON organizer.id = event.organizer_id
JOIN catalog_venue AS venue ON venue.id = event.venue_id
WHERE event.id = $1::integer
