WITH sold AS (
    SELECT ticket.event_id, ticket.date_ordinal, pool.number AS pool, count(*) AS quantity
    FROM tickets_ticket AS ticket
    JOIN catalog_tickettype AS type ON type.event_id = ticket.event_id AND type.ordinal = ticket.ticket_type
    CROSS JOIN unnest(type.pools) AS pool (number)
    WHERE ticket.state <> 'cancelled'
    GROUP BY ticket.event_id, ticket.date_ordinal, pool.number
), counted AS (
    SELECT event_id, date_ordinal, pool, sum(sold) AS quantity
    FROM inventory_counter WHERE kind = 'pool'
    GROUP BY event_id, date_ordinal, pool
)
SELECT coalesce(counted.event_id, sold.event_id),
       format('date %s, pool %s says %s sold, there are %s tickets', coalesce(counted.date_ordinal, sold.date_ordinal),
              coalesce(counted.pool, sold.pool), counted.quantity, coalesce(sold.quantity, 0))
FROM counted
FULL JOIN sold ON sold.event_id = counted.event_id AND sold.date_ordinal = counted.date_ordinal
    AND sold.pool = counted.pool
WHERE counted.quantity IS DISTINCT FROM coalesce(sold.quantity, 0)
ORDER BY 1
