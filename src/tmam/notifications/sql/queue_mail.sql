-- Owe one mail for a cause; no row comes back when that mail is owed (or sent) already.
INSERT INTO notifications_mail (cause, template, "to", language, context, state, attempts, queued_at, last_error)
VALUES ($1::text, $2::text, $3::text, $4::text, $5::text::jsonb, 'waiting', 0, $6::timestamptz, '')
ON CONFLICT (cause) DO NOTHING
RETURNING id
