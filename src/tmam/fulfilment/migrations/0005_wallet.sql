-- Tickets that live in a phone's wallet: whose key, what the phone calls itself, when it was last heard of, what it said.
CREATE TABLE fulfilment_wallet_ticket (
    event_id integer NOT NULL,
    serial bigint NOT NULL,
    device_key bytea NOT NULL CHECK (octet_length(device_key) = 32),
    label text NOT NULL CHECK (length(label) <= 60),
    browser_id bigint,
    bound_at timestamptz NOT NULL,
    contact_at timestamptz NOT NULL CHECK (contact_at >= bound_at),
    shown_offline integer NOT NULL DEFAULT 0 CHECK (shown_offline >= 0),
    tampered_at timestamptz,
    PRIMARY KEY (event_id, serial)
) WITH (fillfactor = 80);
-- The few that somebody should look at: studio pages ask for them every other second.
CREATE INDEX fulfilment_wallet_tampered ON fulfilment_wallet_ticket (event_id, tampered_at) WHERE tampered_at IS NOT NULL;
