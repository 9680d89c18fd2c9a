CREATE TABLE orders_order (
    event_id integer NOT NULL,
    id uuid NOT NULL,
    booking_reference text NOT NULL,
    state text NOT NULL CHECK (state IN ('awaiting_payment', 'confirmed', 'cancelled', 'refunded')),
    organizer_id bigint NOT NULL,
    checkout_id uuid NOT NULL,
    hold_id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL DEFAULT '',
    language text NOT NULL,
    currency text NOT NULL CHECK (length(currency) = 3),
    total_minor bigint NOT NULL CHECK (total_minor >= 0),
    lines jsonb NOT NULL,
    terms_version text NOT NULL,
    channel text NOT NULL DEFAULT 'web',
    confirmed_at timestamptz,
    PRIMARY KEY (event_id, id),
    UNIQUE (event_id, booking_reference),
    UNIQUE (event_id, hold_id)
);
CREATE INDEX orders_order_checkout ON orders_order (event_id, checkout_id);
CREATE INDEX orders_order_recent ON orders_order (event_id, confirmed_at DESC);
