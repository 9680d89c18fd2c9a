-- Limits, contingents and codes are counters too; a seat on a segment is a bit as well as a claim.
ALTER TABLE inventory_counter DROP CONSTRAINT inventory_counter_kind_check;
ALTER TABLE inventory_counter ADD CONSTRAINT inventory_counter_kind_check CHECK (kind IN (
    'pool', 'contingent', 'code', 'order', 'account', 'email', 'phone', 'card', 'card_day', 'network'
)) NOT VALID;
ALTER TABLE inventory_counter VALIDATE CONSTRAINT inventory_counter_kind_check;

ALTER TABLE inventory_hold ADD COLUMN channel text NOT NULL DEFAULT 'web';

-- When a claim ends is its hold's business alone: extending and selling then change no claim.
ALTER TABLE inventory_claim DROP COLUMN expires_at;

-- Which seats of a date's segment are claimed, as bits: bit (seat - 1) of the plan, 4,096 seats a row, the least
-- significant bit of each byte first, bytes of nothing at the end left out. Kept by the verbs in the transaction that changes the claims, so that choosing
-- and showing seats counts no rows. The claims stay the truth: `tmam doctor` compares the two.
CREATE TABLE inventory_seat_map (
    event_id integer NOT NULL,
    date_ordinal integer NOT NULL,
    segment smallint NOT NULL,
    chunk smallint NOT NULL CHECK (chunk >= 0),
    taken bytea NOT NULL CHECK (octet_length(taken) <= 512),
    PRIMARY KEY (event_id, date_ordinal, segment, chunk)
) WITH (fillfactor = 50);

-- One index for the sweeper (all events) and for who ends expired holds of one event: what has expired is little.
DROP INDEX inventory_hold_expiry;
CREATE INDEX inventory_hold_expiry ON inventory_hold (expires_at, event_id) WHERE state = 'held';
