-- The claims on these dates and segments, one row each.
SELECT claim.date_ordinal, claim.segment, claim.seat
FROM inventory_claim AS claim
JOIN unnest($2::integer[], $3::smallint[]) AS wanted (date_ordinal, segment)
    ON claim.date_ordinal = wanted.date_ordinal AND claim.segment = wanted.segment
WHERE claim.event_id = $1::integer
