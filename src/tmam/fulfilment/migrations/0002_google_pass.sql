-- A ticket that somebody saved, or was about to save, to Google Wallet. `suffix` names the object there; `wanted_at`
-- rises when the ticket changed, `synced_at` when Google was told.
CREATE TABLE fulfilment_google_pass (
    event_id integer NOT NULL,
    serial bigint NOT NULL,
    order_id uuid NOT NULL,
    suffix text NOT NULL CHECK (length(suffix) BETWEEN 8 AND 60),
    kind text NOT NULL CHECK (kind IN ('eventTicket', 'transit')),
    language text NOT NULL CHECK (length(language) BETWEEN 2 AND 10),
    made_at timestamptz NOT NULL,
    wanted_at timestamptz NOT NULL,
    synced_at timestamptz,
    PRIMARY KEY (event_id, serial, order_id),
    UNIQUE (event_id, suffix)
) WITH (fillfactor = 80);
CREATE INDEX fulfilment_google_pass_due ON fulfilment_google_pass (event_id, wanted_at)
    WHERE synced_at IS NULL OR synced_at < wanted_at;
