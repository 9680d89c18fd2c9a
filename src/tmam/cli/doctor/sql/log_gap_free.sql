SELECT 0, format('%s positions given, highest %s, head %s', given.entries, given.highest, given.head)
FROM (
    SELECT count(DISTINCT position) AS entries, coalesce(max(position), 0) AS highest,
           coalesce((SELECT position FROM platform_loghead WHERE id = 1), 0) AS head
    FROM platform_log_entry WHERE position IS NOT NULL
) AS given
WHERE given.entries <> given.highest OR given.highest <> given.head
