-- One more failed sign-in in this minute.
INSERT INTO accounts_failureminute AS counted (minute, failures)
VALUES ($1::timestamptz, 1)
ON CONFLICT (minute) DO UPDATE SET failures = counted.failures + 1
