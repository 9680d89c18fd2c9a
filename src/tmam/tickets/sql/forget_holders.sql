-- The tickets of orders $2 of event $1 name nobody any more; repeated, it changes nothing.
UPDATE tickets_ticket
SET holder_sealed = NULL, document_encrypted = NULL
WHERE event_id = $1::integer AND order_id = ANY ($2::uuid[])
  AND (holder_sealed IS NOT NULL OR document_encrypted IS NOT NULL)
