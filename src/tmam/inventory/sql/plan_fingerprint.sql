-- A short text that changes when anything about the seats of a plan does.
SELECT count(*)::text || '-' || coalesce(sum(hashtextextended(
    concat_ws('|', number_in_plan, pool, block, row, "position", block_label, row_label, seat_label, is_accessible), 0
)), 0)::text
FROM catalog_seat
WHERE plan_id = $1::bigint
