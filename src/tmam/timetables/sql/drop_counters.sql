-- Segments that a trip no longer has. The caller has locked them and seen that nobody holds or bought a place there.
DELETE FROM inventory_counter
WHERE event_id = $1::integer AND id = ANY ($2::bigint[]) AND held = 0 AND sold = 0
