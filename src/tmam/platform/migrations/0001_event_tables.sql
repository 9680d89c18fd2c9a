-- The event log: append-only but for `position`, which the dispatcher gives to committed rows.
CREATE TABLE platform_log_entry (
    event_id integer NOT NULL,
    id uuid NOT NULL,
    position bigint,
    name text NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    request_id text NOT NULL DEFAULT '',
    data jsonb NOT NULL,
    PRIMARY KEY (event_id, id)
);
CREATE INDEX platform_log_entry_waiting ON platform_log_entry (at) WHERE position IS NULL;
CREATE INDEX platform_log_entry_position ON platform_log_entry (position) WHERE position IS NOT NULL;
