-- Write counts that this transaction has locked.
UPDATE accounts_attemptcount AS count
SET failures = given.failures,
    since = given.since,
    last_at = given.last_at,
    locks = given.locks,
    lock_number = given.lock_number,
    locked_until = given.locked_until
FROM unnest(
    $1::text[], $2::integer[], $3::timestamptz[], $4::timestamptz[], $5::integer[], $6::integer[], $7::timestamptz[]
) AS given (key, failures, since, last_at, locks, lock_number, locked_until)
WHERE count.key = given.key
