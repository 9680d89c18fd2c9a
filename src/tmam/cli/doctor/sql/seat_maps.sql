WITH mapped AS (
    SELECT map.event_id, map.date_ordinal, map.segment, map.chunk * 4096 + bit.number + 1 AS seat
    FROM inventory_seat_map AS map, generate_series(0, octet_length(map.taken) * 8 - 1) AS bit (number)
    WHERE get_bit(map.taken, bit.number) = 1
), claimed AS (
    SELECT claim.event_id, claim.date_ordinal, claim.segment, claim.seat
    FROM inventory_claim AS claim
    WHERE EXISTS (
        SELECT FROM inventory_seat_map AS map
        WHERE map.event_id = claim.event_id AND map.date_ordinal = claim.date_ordinal AND map.segment = claim.segment
    )
)
SELECT coalesce(claimed.event_id, mapped.event_id),
       format('date %s, segment %s, seat %s: %s', coalesce(claimed.date_ordinal, mapped.date_ordinal),
              coalesce(claimed.segment, mapped.segment), coalesce(claimed.seat, mapped.seat),
              CASE WHEN claimed.seat IS NULL THEN 'free, but marked as taken' ELSE 'taken, but marked as free' END)
FROM claimed
FULL JOIN mapped ON mapped.event_id = claimed.event_id AND mapped.date_ordinal = claimed.date_ordinal
    AND mapped.segment = claimed.segment AND mapped.seat = claimed.seat
WHERE claimed.seat IS NULL OR mapped.seat IS NULL
ORDER BY 1
