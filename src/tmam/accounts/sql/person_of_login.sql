-- Whose login this is: a proven address or a user name, else the main address, else one that nobody proved.
SELECT found.user_id
FROM (
    SELECT address.user_id, CASE WHEN address.verified THEN 0 ELSE 2 END AS rank
    FROM account_emailaddress AS address
    WHERE address.email = $1::text AND (address.verified OR address."primary")
    UNION ALL
    SELECT person.id, 1 FROM accounts_user AS person WHERE lower(person.email) = $1::text
    UNION ALL
    SELECT person.id, 0 FROM accounts_user AS person WHERE lower(person.username) = $1::text
) AS found
ORDER BY found.rank, found.user_id
LIMIT 1
