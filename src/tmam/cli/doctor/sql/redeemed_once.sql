SELECT coalesce(redemption.event_id, scan.event_id),
       CASE WHEN scan.id IS NULL THEN format('ticket %s was redeemed without a scan', redemption.serial)
            WHEN redemption.scan_id IS NULL THEN format('scan %s admitted ticket %s without a redemption', scan.id, scan.serial)
            ELSE format('scan %s of ticket %s redeemed ticket %s', scan.id, scan.serial, redemption.serial) END
FROM gates_redemption AS redemption
FULL JOIN (SELECT event_id, id, serial FROM gates_scan WHERE verdict = 'admit') AS scan
    ON scan.event_id = redemption.event_id AND scan.id = redemption.scan_id
WHERE scan.id IS NULL OR redemption.scan_id IS NULL OR scan.serial IS DISTINCT FROM redemption.serial
UNION ALL
SELECT event_id, format('ticket %s was redeemed %s times for date %s', serial, count(*), date_ordinal)
FROM gates_redemption
GROUP BY event_id, serial, date_ordinal, entry
HAVING count(*) > 1
UNION ALL
SELECT redemption.event_id, format('ticket %s was redeemed but does not exist', redemption.serial)
FROM gates_redemption AS redemption
LEFT JOIN tickets_ticket AS ticket ON ticket.event_id = redemption.event_id AND ticket.serial = redemption.serial
WHERE ticket.serial IS NULL
ORDER BY 1
