-- A ticket for a stretch of a trip takes a place on each of its segments: kind 2 of the token's place, stops in its last bytes.
WITH sold AS (
    SELECT ticket.event_id, ticket.date_ordinal, segment.number AS segment, pool.number AS pool, count(*) AS quantity
    FROM tickets_ticket AS ticket
    JOIN catalog_tickettype AS type ON type.event_id = ticket.event_id AND type.ordinal = ticket.ticket_type
    CROSS JOIN unnest(type.pools) AS pool (number)
    CROSS JOIN LATERAL generate_series(
        CASE WHEN get_byte(ticket.token_place, 0) = 2 THEN get_byte(ticket.token_place, 4) ELSE 0 END,
        CASE WHEN get_byte(ticket.token_place, 0) = 2 THEN get_byte(ticket.token_place, 5) - 1 ELSE 0 END
    ) AS segment (number)
    WHERE ticket.state <> 'cancelled'
    GROUP BY ticket.event_id, ticket.date_ordinal, segment.number, pool.number
), counted AS (
    SELECT event_id, date_ordinal, segment, pool, sold AS quantity
    FROM inventory_counter WHERE kind = 'pool'
)
SELECT coalesce(counted.event_id, sold.event_id),
       format('date %s, segment %s, pool %s says %s sold, there are %s tickets',
              coalesce(counted.date_ordinal, sold.date_ordinal), coalesce(counted.segment, sold.segment),
              coalesce(counted.pool, sold.pool), counted.quantity, coalesce(sold.quantity, 0))
FROM counted
FULL JOIN sold ON sold.event_id = counted.event_id AND sold.date_ordinal = counted.date_ordinal
    AND sold.segment = counted.segment AND sold.pool = counted.pool
WHERE counted.quantity IS DISTINCT FROM coalesce(sold.quantity, 0)
ORDER BY 1
