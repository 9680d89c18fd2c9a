-- Orders $2 of event $1 that were bought with address $3 belong to address $4: their buyer lost the mailbox.
UPDATE orders_order
SET email = $4::text
WHERE event_id = $1::integer AND id = ANY ($2::uuid[]) AND lower(email) = $3::text
