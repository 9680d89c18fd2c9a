-- End one pause, the one that the link was made for; no row comes back when it is over or the link was used.
UPDATE accounts_attemptcount
SET failures = 0, locked_until = NULL
WHERE key = $1::text AND lock_number = $2::integer AND locked_until > $3::timestamptz
RETURNING key
