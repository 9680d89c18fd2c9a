-- Take back redemptions of this very transaction whose scan turned out to be a repetition of an earlier one.
DELETE FROM gates_redemption r
WHERE r.event_id = $1::integer AND r.serial = ANY ($2::bigint[]) AND r.scan_id = ANY ($3::uuid[]);
