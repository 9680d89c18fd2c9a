-- The data key that seals values of event $1, if it has one.
SELECT version, key_id, wrapped
FROM platform_data_key
WHERE event_id = $1::integer
ORDER BY version DESC
LIMIT 1
