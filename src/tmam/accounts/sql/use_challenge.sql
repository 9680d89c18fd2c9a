-- Note that a challenge was answered; no row comes back when it was answered before, or is being answered now.
INSERT INTO accounts_usedchallenge (digest, expires_at)
VALUES ($1::text, $2::timestamptz)
ON CONFLICT (digest) DO NOTHING
RETURNING digest
