-- Write down that a puzzle was used; no row comes back when it was used before.
INSERT INTO accounts_solvedchallenge (digest, expires_at)
VALUES ($1::text, $2::timestamptz)
ON CONFLICT (digest) DO NOTHING
RETURNING digest
