-- Every seat that was given is claimed on each segment by that hold, and no claim is without its hold.
WITH given AS (
    SELECT hold.event_id, (line ->> 'date')::integer AS date_ordinal, seat.number::integer AS seat, segment,
           hold.id AS hold_id
    FROM inventory_hold AS hold, jsonb_array_elements(hold.lines) AS line,
         jsonb_array_elements_text(coalesce(line -> 'seats', '[]')) AS seat (number),
         generate_series(coalesce((line ->> 'from_stop')::integer, 0),
                         greatest(coalesce((line ->> 'to_stop')::integer, 1), 1) - 1) AS segment
    WHERE hold.event_id = ANY ($1::integer[]) AND hold.state IN ('held', 'converted')
), claimed AS (
    SELECT event_id, date_ordinal, seat, segment, hold_id FROM inventory_claim WHERE event_id = ANY ($1::integer[])
)
SELECT coalesce(given.event_id, claimed.event_id),
       format('date %s, segment %s, seat %s: given to hold %s, claimed by %s',
              coalesce(given.date_ordinal, claimed.date_ordinal), coalesce(given.segment, claimed.segment),
              coalesce(given.seat, claimed.seat), given.hold_id, claimed.hold_id)
FROM given
FULL JOIN claimed ON claimed.event_id = given.event_id AND claimed.date_ordinal = given.date_ordinal
    AND claimed.segment = given.segment AND claimed.seat = given.seat AND claimed.hold_id = given.hold_id
WHERE given.hold_id IS NULL OR claimed.hold_id IS NULL
