-- Phones that have tickets already are known from now on; two years is longer than any of their events is away.
INSERT INTO fulfilment_wallet_held (device_key, event_id, serial, browser_id, forget_at)
SELECT device_key, event_id, serial, browser_id, bound_at + interval '800 days'
FROM fulfilment_wallet_ticket
ON CONFLICT DO NOTHING;
