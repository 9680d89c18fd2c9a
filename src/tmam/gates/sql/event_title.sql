-- The title of an event by language, to tell a guest where a ticket is good.
SELECT e.title::text FROM catalog_event e WHERE e.id = $1::integer;
