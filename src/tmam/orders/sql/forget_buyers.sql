-- Orders $2 of event $1 name nobody any more; repeated, it changes nothing.
UPDATE orders_order
SET email = '', name = ''
WHERE event_id = $1::integer AND id = ANY ($2::uuid[]) AND (email <> '' OR name <> '')
