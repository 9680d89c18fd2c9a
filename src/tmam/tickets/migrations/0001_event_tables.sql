CREATE TABLE tickets_ticket (
    event_id integer NOT NULL,
    serial bigint NOT NULL CHECK (serial BETWEEN 1 AND 4294967295),
    generation smallint NOT NULL DEFAULT 0 CHECK (generation BETWEEN 0 AND 255),
    state text NOT NULL CHECK (state IN ('valid', 'cancelled', 'revoked')),
    order_id uuid NOT NULL,
    booking_reference text NOT NULL,
    date_ordinal integer NOT NULL,
    ticket_type integer NOT NULL,
    seat integer,
    place_label text NOT NULL DEFAULT '',
    holder_name text NOT NULL DEFAULT '',
    document_encrypted bytea,
    price_minor bigint NOT NULL CHECK (price_minor >= 0),
    currency text NOT NULL CHECK (length(currency) = 3),
    key_id smallint NOT NULL,
    token_sha256 bytea NOT NULL CHECK (octet_length(token_sha256) = 32),
    valid_from timestamptz NOT NULL,
    valid_until timestamptz NOT NULL CHECK (valid_until > valid_from),
    issued_at timestamptz NOT NULL,
    PRIMARY KEY (event_id, serial),
    UNIQUE (event_id, token_sha256)
) WITH (fillfactor = 90);
CREATE INDEX tickets_ticket_order ON tickets_ticket (event_id, order_id);

-- The next serial of each event; updated in the transaction that issues, so serials stay dense.
CREATE TABLE tickets_serial (
    event_id integer NOT NULL PRIMARY KEY,
    last_serial bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE tickets_signing_key (
    event_id integer NOT NULL,
    key_id smallint NOT NULL CHECK (key_id BETWEEN 0 AND 255),
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
    private_key_encrypted bytea NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (event_id, key_id)
);
