-- The token's place as it was signed (kind, then five bytes), so that a token can be made again from its row alone,
-- even after a seat plan was changed. NULL: no numbered place.
ALTER TABLE tickets_ticket ADD COLUMN token_place bytea CHECK (octet_length(token_place) = 6);
