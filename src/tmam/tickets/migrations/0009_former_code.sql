-- The code before the present one, which admits as well until the device has shown that it knows its new one: only ever of
-- a ticket that its own device bound to a new key of its (`former_codes`).
ALTER TABLE tickets_ticket ADD COLUMN former_sha256 bytea
    CHECK (former_sha256 IS NULL OR (octet_length(former_sha256) = 32 AND device_key IS NOT NULL));
