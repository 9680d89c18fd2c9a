-- Forget these files of event $1: order by order, ticket by ticket ($2 to $5 side by side). Answers their names.
DELETE FROM fulfilment_kept_file AS kept
USING unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[]) AS gone (order_id, serial, form, language)
WHERE kept.event_id = $1::integer
    AND kept.order_id = gone.order_id
    AND kept.serial = gone.serial
    AND kept.form = gone.form
    AND kept.language = gone.language
