-- Everything scarce is a row here, and the CHECK makes overselling impossible whoever writes.
CREATE TABLE inventory_counter (
    event_id integer NOT NULL,
    id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('pool', 'limit', 'voucher', 'contingent')),
    date_ordinal integer,
    segment smallint NOT NULL DEFAULT 0,
    pool smallint,
    capacity integer NOT NULL CHECK (capacity >= 0),
    held integer NOT NULL DEFAULT 0 CHECK (held >= 0),
    sold integer NOT NULL DEFAULT 0 CHECK (sold >= 0),
    CONSTRAINT counter_never_oversold CHECK (held + sold <= capacity),
    PRIMARY KEY (event_id, id)
) WITH (fillfactor = 50);

CREATE TABLE inventory_hold (
    event_id integer NOT NULL,
    id uuid NOT NULL,
    visitor_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('held', 'converted', 'released', 'expired')),
    lines jsonb NOT NULL,
    counter_ids bigint[] NOT NULL,
    counter_quantities integer[] NOT NULL,
    held_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    extensions smallint NOT NULL DEFAULT 0,
    idempotency_key text,
    CHECK (cardinality(counter_ids) = cardinality(counter_quantities)),
    CHECK ((state = 'held') = (ended_at IS NULL)),
    PRIMARY KEY (event_id, id)
) WITH (fillfactor = 80);
CREATE INDEX inventory_hold_expiry ON inventory_hold (event_id, expires_at) WHERE state = 'held';
CREATE INDEX inventory_hold_visitor ON inventory_hold (event_id, visitor_id) WHERE state = 'held';
CREATE UNIQUE INDEX inventory_hold_idempotent ON inventory_hold (event_id, visitor_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;

-- A seat on a segment has at most one live claim: its primary key.
CREATE TABLE inventory_claim (
    event_id integer NOT NULL,
    date_ordinal integer NOT NULL,
    segment smallint NOT NULL DEFAULT 0,
    seat integer NOT NULL,
    hold_id uuid NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (event_id, date_ordinal, segment, seat)
) WITH (fillfactor = 80);
CREATE INDEX inventory_claim_hold ON inventory_claim (event_id, hold_id);
