CREATE TABLE fulfilment_download (
    event_id integer NOT NULL,
    serial bigint NOT NULL,
    form text NOT NULL CHECK (length(form) BETWEEN 1 AND 20),
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL CHECK (last_at >= first_at),
    times integer NOT NULL DEFAULT 1 CHECK (times > 0),
    PRIMARY KEY (event_id, serial, form)
) WITH (fillfactor = 80);
