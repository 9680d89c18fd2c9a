-- Hold nothing against some keys any more; comes back with those that were paused.
UPDATE accounts_attemptcount AS count
SET failures = 0, locks = 0, locked_until = NULL
FROM (
    SELECT key, locked_until FROM accounts_attemptcount WHERE key = ANY($1::text[]) ORDER BY key FOR UPDATE
) AS before
WHERE count.key = before.key
RETURNING count.key, COALESCE(before.locked_until > $2::timestamptz, false)
