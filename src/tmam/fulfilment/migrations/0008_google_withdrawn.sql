-- Which generation of its ticket a pass shows: a holder's own replacements take it along, any other ends the pass.
ALTER TABLE fulfilment_google_pass ADD COLUMN generation integer NOT NULL DEFAULT 0 CHECK (generation BETWEEN 0 AND 255);
-- An object at Google that must never admit anybody again. The row goes once Google was told; it names nobody.
CREATE TABLE fulfilment_google_withdrawn (
    event_id integer NOT NULL,
    suffix text NOT NULL CHECK (length(suffix) BETWEEN 8 AND 60),
    kind text NOT NULL CHECK (kind IN ('eventTicket', 'transit')),
    withdrawn_at timestamptz NOT NULL,
    PRIMARY KEY (event_id, suffix)
);
