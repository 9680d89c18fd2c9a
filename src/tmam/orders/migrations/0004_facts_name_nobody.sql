-- The event log names no people any more: what reads it looks the buyer up in the order or the checkout.
UPDATE platform_log_entry SET data = data - 'email' WHERE data ? 'email';
