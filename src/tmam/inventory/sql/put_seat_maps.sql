-- Write changed seat maps back; the caller has locked them.
UPDATE inventory_seat_map AS map SET taken = changed.taken
FROM unnest($2::integer[], $3::smallint[], $4::smallint[], $5::bytea[]) AS changed (date_ordinal, segment, chunk, taken)
WHERE map.event_id = $1::integer AND map.date_ordinal = changed.date_ordinal AND map.segment = changed.segment
    AND map.chunk = changed.chunk
