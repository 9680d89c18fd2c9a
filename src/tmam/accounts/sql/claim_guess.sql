-- Take one of the few tries at a code that an account has; no row: there is none left now.
-- The try is counted before the code is looked at, so tries at the same moment cannot be more than the limit.
-- The last one begins a pause, which doubles with each pause that came before.
INSERT INTO accounts_guesscount AS counted (user_id, scope, tries, window_ends_at, paused_until, pauses)
VALUES ($1::bigint, $2::text, 1, $4::timestamptz, NULL, 0)
ON CONFLICT (user_id, scope) DO UPDATE SET
    tries = CASE WHEN counted.window_ends_at <= $3::timestamptz THEN 1 ELSE counted.tries + 1 END,
    window_ends_at = CASE
        WHEN counted.window_ends_at > $3::timestamptz THEN
            CASE WHEN counted.tries + 1 >= $5::integer THEN $3::timestamptz ELSE counted.window_ends_at END
        ELSE $4::timestamptz
    END,
    paused_until = CASE
        WHEN counted.window_ends_at > $3::timestamptz AND counted.tries + 1 >= $5::integer THEN
            $3::timestamptz + least(
                make_interval(secs => $6::double precision * power(2, counted.pauses)),
                make_interval(secs => $7::double precision)
            )
        ELSE NULL
    END,
    pauses = CASE
        WHEN counted.window_ends_at > $3::timestamptz AND counted.tries + 1 >= $5::integer
            THEN least(counted.pauses + 1, 10)
        WHEN counted.window_ends_at <= $8::timestamptz THEN 0
        ELSE counted.pauses
    END
WHERE counted.paused_until IS NULL OR counted.paused_until <= $3::timestamptz
RETURNING tries, paused_until
