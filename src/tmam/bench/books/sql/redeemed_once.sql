-- Every admission is one redemption of a ticket that exists, and no right was used twice.
SELECT coalesce(scan.event_id, redemption.event_id),
       format('scan %s of ticket %s, redemption of ticket %s', coalesce(scan.id, redemption.scan_id), scan.serial,
              redemption.serial)
FROM (SELECT * FROM gates_scan WHERE event_id = ANY ($1::integer[]) AND verdict = 'admit') AS scan
FULL JOIN (SELECT * FROM gates_redemption WHERE event_id = ANY ($1::integer[])) AS redemption
    ON redemption.event_id = scan.event_id AND redemption.scan_id = scan.id AND redemption.serial = scan.serial
WHERE scan.id IS NULL OR redemption.scan_id IS NULL OR NOT EXISTS (
    SELECT FROM tickets_ticket AS ticket
    WHERE ticket.event_id = redemption.event_id AND ticket.serial = redemption.serial AND ticket.state = 'valid'
)
UNION ALL
SELECT event_id, format('ticket %s was used %s times', serial, count(*))
FROM gates_redemption
WHERE event_id = ANY ($1::integer[])
GROUP BY event_id, serial, date_ordinal
HAVING count(*) > 1
