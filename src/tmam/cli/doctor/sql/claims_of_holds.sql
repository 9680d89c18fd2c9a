WITH reserved AS (
    SELECT hold.event_id, hold.id AS hold_id, hold.state, hold.expires_at,
           (line ->> 'date')::integer AS date_ordinal, seat.number::integer AS seat
    FROM inventory_hold AS hold, jsonb_array_elements(hold.lines) AS line,
         jsonb_array_elements_text(coalesce(line -> 'seats', '[]')) AS seat (number)
    WHERE hold.state IN ('held', 'converted')
)
SELECT coalesce(claim.event_id, reserved.event_id),
       format('date %s, seat %s, hold %s: %s', coalesce(claim.date_ordinal, reserved.date_ordinal),
              coalesce(claim.seat, reserved.seat), coalesce(claim.hold_id, reserved.hold_id),
              CASE WHEN claim.seat IS NULL THEN 'not claimed' WHEN reserved.seat IS NULL THEN 'claimed by nobody'
                   ELSE 'claimed until another moment' END)
FROM inventory_claim AS claim
FULL JOIN reserved ON reserved.event_id = claim.event_id AND reserved.date_ordinal = claim.date_ordinal
    AND reserved.seat = claim.seat AND reserved.hold_id = claim.hold_id
WHERE claim.seat IS NULL OR reserved.seat IS NULL
    OR claim.expires_at IS DISTINCT FROM CASE WHEN reserved.state = 'held' THEN reserved.expires_at END
ORDER BY 1
