-- Count one message in several windows at once. A window that is full gives no row back: the caller rolls back.
INSERT INTO accounts_smscount AS counted (scope, since, sent, most)
SELECT asked.scope, asked.since, 1, asked.most
FROM unnest($1::text[], $2::timestamptz[], $3::integer[]) AS asked (scope, since, most)
WHERE asked.most > 0
ORDER BY asked.scope
ON CONFLICT (scope, since) DO UPDATE
SET sent = counted.sent + 1, most = EXCLUDED.most
WHERE counted.sent < EXCLUDED.most
RETURNING counted.scope
