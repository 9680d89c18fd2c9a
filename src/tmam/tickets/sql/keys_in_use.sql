-- Every key of event $1 with how many valid tickets it signed the present code of.
SELECT k.key_id, k.keeper, k.made_at, k.stolen_at,
       (SELECT count(*) FROM tickets_ticket t
        WHERE t.event_id = $1::integer AND t.key_id = k.key_id AND t.state = 'valid')
FROM tickets_signing_key k
WHERE k.event_id = $1::integer
ORDER BY k.key_id
