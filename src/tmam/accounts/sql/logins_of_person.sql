-- Everything that a person can type to say who they are.
SELECT lower(address.email) FROM account_emailaddress AS address WHERE address.user_id = $1::bigint
UNION
SELECT lower(person.email) FROM accounts_user AS person WHERE person.id = $1::bigint
UNION
SELECT lower(person.username) FROM accounts_user AS person
WHERE person.id = $1::bigint AND person.username IS NOT NULL
