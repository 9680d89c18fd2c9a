-- The tickets of orders $2 of event $1 name nobody any more; repeated, it changes nothing.
UPDATE tickets_ticket
SET holder_name = '', document_encrypted = NULL
WHERE event_id = $1::integer AND order_id = ANY ($2::uuid[])
  AND (holder_name <> '' OR document_encrypted IS NOT NULL)
