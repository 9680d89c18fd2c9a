-- Lock and read the seat maps of these dates and segments, all chunks of each.
SELECT date_ordinal, segment, chunk, taken
FROM inventory_seat_map
WHERE event_id = $1::integer
    AND (date_ordinal, segment) IN (
        SELECT wanted.date_ordinal, wanted.segment
        FROM unnest($2::integer[], $3::smallint[]) AS wanted (date_ordinal, segment)
    )
ORDER BY date_ordinal, segment, chunk
FOR UPDATE
