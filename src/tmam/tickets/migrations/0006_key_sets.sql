-- The version of each event's revocation list: it rises when the content (known by its hash) changed.
CREATE TABLE tickets_revocation (
    event_id integer NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    content_sha256 bytea NOT NULL,
    made_at timestamptz NOT NULL
);
