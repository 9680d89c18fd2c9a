-- Seat maps that are missing; those that somebody made this moment stay as they are.
INSERT INTO inventory_seat_map (event_id, date_ordinal, segment, chunk, taken)
SELECT $1::integer, made.date_ordinal, made.segment, made.chunk, made.taken
FROM unnest($2::integer[], $3::smallint[], $4::smallint[], $5::bytea[]) AS made (date_ordinal, segment, chunk, taken)
ON CONFLICT (event_id, date_ordinal, segment, chunk) DO NOTHING
