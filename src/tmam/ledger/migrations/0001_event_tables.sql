-- Moves of money: balanced by shape, one positive amount from one account to another.
CREATE TABLE ledger_entry (
    event_id integer NOT NULL,
    id uuid NOT NULL,
    from_account text NOT NULL,
    to_account text NOT NULL CHECK (to_account <> from_account),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency text NOT NULL CHECK (length(currency) = 3),
    cause text NOT NULL,
    cause_id uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (event_id, id)
);
CREATE INDEX ledger_entry_cause ON ledger_entry (event_id, cause_id);
