-- How many files of event $1 in forms $2, in their orders' languages, show tickets as they still are: by the
-- catalogue's digest that they were drawn from and the dates that they show.
WITH now_there AS (
    SELECT
        ticket.order_id,
        md5(string_agg(ticket::text, chr(10) ORDER BY ticket.serial)) AS digest,
        array_agg(DISTINCT ticket.date_ordinal) AS dates
    FROM tickets_ticket AS ticket
    WHERE ticket.event_id = $1::integer AND ticket.state = 'valid'
    GROUP BY ticket.order_id
)
SELECT kept.facts, now_there.dates, count(*)
FROM fulfilment_kept_file AS kept
JOIN now_there ON now_there.order_id = kept.order_id AND now_there.digest = kept.tickets
JOIN orders_order AS sold ON sold.event_id = $1::integer AND sold.id = kept.order_id
WHERE kept.event_id = $1::integer AND kept.form = ANY($2::text[]) AND kept.language = sold.language
GROUP BY kept.facts, now_there.dates
