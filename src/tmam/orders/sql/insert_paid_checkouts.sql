-- Visits to the till that were over in one step: each with one hold, done.
INSERT INTO orders_checkout (
    id, visitor_id, state, currency, language, email, name, holders, terms_versions, opened_at, finished_at
)
SELECT done.id, done.visitor_id, 'done', $1::text, done.language, done.email, done.name, '{}'::jsonb,
       done.terms_versions::jsonb, $2::timestamptz, $2::timestamptz
FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[])
    AS done (id, visitor_id, language, email, name, terms_versions)
