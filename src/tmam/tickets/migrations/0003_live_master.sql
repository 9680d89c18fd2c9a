-- The secret that an event's live digits are derived from (`kernel.live_digits`), encrypted at rest.
CREATE TABLE tickets_live_master (
    event_id integer NOT NULL PRIMARY KEY,
    master_encrypted bytea NOT NULL,
    made_at timestamptz NOT NULL
);
