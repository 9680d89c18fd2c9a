-- Passes of tickets $2 of event $1 (all of its passes if $2 is NULL; those of date $3 only, if that is not NULL) are out
-- of date since $4.
UPDATE fulfilment_google_pass AS p
SET wanted_at = greatest(p.wanted_at, $4::timestamptz)
WHERE p.event_id = $1::integer
  AND ($2::bigint[] IS NULL OR p.serial = ANY ($2::bigint[]))
  AND ($3::integer IS NULL OR EXISTS (
      SELECT FROM tickets_ticket t
      WHERE t.event_id = $1::integer AND t.serial = p.serial AND t.date_ordinal = $3::integer
  ))
RETURNING p.serial
