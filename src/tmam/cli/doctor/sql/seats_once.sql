SELECT event_id, format('date %s, segment %s, seat %s on tickets %s', date_ordinal, segment, seat,
                        string_agg(serial::text, ', ' ORDER BY serial))
FROM tickets_ticket
CROSS JOIN LATERAL generate_series(
    CASE WHEN get_byte(token_place, 0) = 2 THEN get_byte(token_place, 4) ELSE 0 END,
    CASE WHEN get_byte(token_place, 0) = 2 THEN get_byte(token_place, 5) - 1 ELSE 0 END
) AS segment
WHERE state = 'valid' AND seat IS NOT NULL
GROUP BY event_id, date_ordinal, segment, seat
HAVING count(*) > 1
ORDER BY event_id
