-- Events whose summary is missing or has grown stale by itself at $1, the longest stale first, at most $2.
-- An event without a date to show has no summary and needs none.
SELECT due.event_id FROM (
    (
        SELECT summary.event_id, summary.next_change_at AS due_at
        FROM catalog_eventsummary AS summary
        WHERE summary.next_change_at <= $1::timestamptz
        ORDER BY summary.next_change_at
        LIMIT $2::integer
    )
    UNION ALL
    (
        SELECT event.id, NULL
        FROM catalog_event AS event
        WHERE event.status IN ('soon', 'on_sale')
          AND NOT EXISTS (SELECT 1 FROM catalog_eventsummary AS summary WHERE summary.event_id = event.id)
          AND EXISTS (
            SELECT 1 FROM catalog_date AS date
            WHERE date.event_id = event.id AND date.ends_at > $1::timestamptz AND NOT date.is_cancelled
          )
          AND EXISTS (SELECT 1 FROM catalog_tickettype AS type WHERE type.event_id = event.id)
        ORDER BY event.id
        LIMIT $2::integer
    )
) AS due
ORDER BY due.due_at NULLS LAST, due.event_id
LIMIT $2::integer
