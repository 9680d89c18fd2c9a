-- All data keys of event $1, kept from being changed meanwhile.
SELECT version, wrapped FROM platform_data_key WHERE event_id = $1::integer ORDER BY version FOR UPDATE
