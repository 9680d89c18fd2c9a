-- The offer with hash $1, now taken by device key $2, unless another phone has it or it is older than $3.
UPDATE fulfilment_wallet_offer SET taken_by = $2::bytea
WHERE code_sha256 = $1::bytea AND made_at > $3::timestamptz AND (taken_by IS NULL OR taken_by = $2::bytea)
RETURNING event_id, order_id, generations::text, user_id
