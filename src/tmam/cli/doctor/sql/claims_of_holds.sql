WITH reserved AS (
    SELECT hold.event_id, hold.id AS hold_id, (line ->> 'date')::integer AS date_ordinal, segment.number AS segment,
           seat.number::integer AS seat
    FROM inventory_hold AS hold, jsonb_array_elements(hold.lines) AS line,
         jsonb_array_elements_text(coalesce(line -> 'seats', '[]')) AS seat (number),
         generate_series(coalesce((line ->> 'from_stop')::integer, 0), coalesce((line ->> 'to_stop')::integer, 1) - 1)
            AS segment (number)
    WHERE hold.state IN ('held', 'converted')
)
SELECT coalesce(claim.event_id, reserved.event_id),
       format('date %s, segment %s, seat %s, hold %s: %s', coalesce(claim.date_ordinal, reserved.date_ordinal),
              coalesce(claim.segment, reserved.segment), coalesce(claim.seat, reserved.seat),
              coalesce(claim.hold_id, reserved.hold_id),
              CASE WHEN claim.seat IS NULL THEN 'not claimed' ELSE 'claimed by nobody' END)
FROM inventory_claim AS claim
FULL JOIN reserved ON reserved.event_id = claim.event_id AND reserved.date_ordinal = claim.date_ordinal
    AND reserved.segment = claim.segment AND reserved.seat = claim.seat AND reserved.hold_id = claim.hold_id
WHERE claim.seat IS NULL OR reserved.seat IS NULL
ORDER BY 1
