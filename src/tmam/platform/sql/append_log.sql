-- Append facts of one event to the log, in the transaction of their cause.
INSERT INTO platform_log_entry (event_id, id, name, at, actor, request_id, data)
SELECT $1::integer, fact.id, fact.name, fact.at, fact.actor, fact.request_id, fact.data::jsonb
FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])
    AS fact (id, name, at, actor, request_id, data)
