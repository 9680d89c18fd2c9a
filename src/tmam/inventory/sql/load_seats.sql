-- The seats of a plan, in the order people would choose them: row by row, along the row.
SELECT number_in_plan, pool, block, row, "position", block_label, row_label, seat_label, is_accessible
FROM catalog_seat
WHERE plan_id = $1::bigint
ORDER BY block, row, "position"
