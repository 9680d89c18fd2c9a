-- Who keeps the private half (`tickets.key_keepers`), and since when a key counts as stolen: from then on no gate
-- takes anything it signed.
ALTER TABLE tickets_signing_key
    ADD COLUMN keeper text NOT NULL DEFAULT 'database',
    ADD COLUMN stolen_at timestamptz;
