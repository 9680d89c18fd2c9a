-- Nothing is oversold, constraint or not.
SELECT event_id, format('counter %s: %s held and %s sold of %s', id, held, sold, capacity)
FROM inventory_counter
WHERE event_id = ANY ($1::integer[]) AND (held < 0 OR sold < 0 OR held + sold > capacity)
