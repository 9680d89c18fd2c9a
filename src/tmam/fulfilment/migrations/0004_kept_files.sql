CREATE TABLE fulfilment_kept_file (
    event_id integer NOT NULL,
    order_id uuid NOT NULL,
    serial bigint NOT NULL CHECK (serial >= 0),
    form text NOT NULL CHECK (length(form) BETWEEN 1 AND 20),
    language text NOT NULL CHECK (length(language) BETWEEN 2 AND 10),
    serials bigint[] NOT NULL CHECK (cardinality(serials) > 0),
    tickets text NOT NULL,
    facts text NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    saved_as text NOT NULL CHECK (length(saved_as) BETWEEN 1 AND 200),
    media_type text NOT NULL,
    size integer NOT NULL CHECK (size > 0),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    made_at timestamptz NOT NULL,
    PRIMARY KEY (event_id, order_id, serial, form, language)
) WITH (fillfactor = 90);
