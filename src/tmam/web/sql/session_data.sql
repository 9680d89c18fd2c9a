-- What the session with key $1 holds, sealed, if it has not ended at $2.
SELECT session_data
FROM django_session
WHERE session_key = $1::text AND expire_date > $2::timestamptz
