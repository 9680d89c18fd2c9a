-- No seat is in two live or sold lines that travel the same segment (a date without segments has one).
WITH given AS (
    SELECT hold.event_id, (line ->> 'date')::integer AS date_ordinal, seat.number::integer AS seat, segment
    FROM inventory_hold AS hold, jsonb_array_elements(hold.lines) AS line,
         jsonb_array_elements_text(coalesce(line -> 'seats', '[]')) AS seat (number),
         generate_series(coalesce((line ->> 'from_stop')::integer, 0),
                         greatest(coalesce((line ->> 'to_stop')::integer, 1), 1) - 1) AS segment
    WHERE hold.event_id = ANY ($1::integer[]) AND hold.state IN ('held', 'converted')
)
SELECT event_id, format('date %s, segment %s: seat %s was given %s times', date_ordinal, segment, seat, count(*))
FROM given
GROUP BY event_id, date_ordinal, segment, seat
HAVING count(*) > 1
