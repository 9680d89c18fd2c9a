-- Book moves of money of one event, in the transaction of their cause.
INSERT INTO ledger_entry (event_id, id, from_account, to_account, amount_minor, currency, cause, cause_id, at)
SELECT $1::integer, move.id, move.from_account, move.to_account, move.amount_minor, move.currency, move.cause,
       move.cause_id, $2::timestamptz
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::uuid[])
    AS move (id, from_account, to_account, amount_minor, currency, cause, cause_id)
