-- The keys that encrypt an event's personal fields and secrets, each locked by the master key.
CREATE TABLE platform_data_key (
    event_id integer NOT NULL,
    version smallint NOT NULL CHECK (version > 0),
    key_id bytea NOT NULL CHECK (octet_length(key_id) = 8),
    wrapped bytea NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (event_id, version),
    UNIQUE (event_id, key_id)
);
