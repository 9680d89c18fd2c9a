-- The public key of the device that a ticket is bound to; NULL for a ticket that anything may show.
ALTER TABLE tickets_ticket ADD COLUMN device_key bytea CHECK (octet_length(device_key) = 32);
