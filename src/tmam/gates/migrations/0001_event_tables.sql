CREATE TABLE gates_scan (
    event_id integer NOT NULL,
    id uuid NOT NULL,
    device_id uuid NOT NULL,
    nonce uuid NOT NULL,
    gate_number smallint NOT NULL,
    date_ordinal integer,
    serial bigint,
    verdict text NOT NULL CHECK (verdict IN ('admit', 'already_used', 'refuse')),
    code text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (event_id, id),
    UNIQUE (event_id, device_id, nonce)
);
CREATE INDEX gates_scan_recent ON gates_scan (event_id, at DESC);

-- A right is used at most once: the primary key. `entry` counts re-entries where an organizer allows them.
CREATE TABLE gates_redemption (
    event_id integer NOT NULL,
    serial bigint NOT NULL,
    date_ordinal integer NOT NULL,
    entry smallint NOT NULL DEFAULT 1,
    scan_id uuid NOT NULL,
    gate_number smallint NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (event_id, serial, date_ordinal, entry)
);
