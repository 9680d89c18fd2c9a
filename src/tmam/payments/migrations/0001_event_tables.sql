CREATE TABLE payments_allocation (
    event_id integer NOT NULL,
    order_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    currency text NOT NULL CHECK (length(currency) = 3),
    at timestamptz NOT NULL,
    PRIMARY KEY (event_id, order_id, payment_id)
);
