-- A hold was sold if and only if it has a confirmed order.
SELECT coalesce(hold.event_id, orders.event_id),
       format('hold %s is %s, its order is %s', coalesce(hold.id, orders.hold_id), coalesce(hold.state, 'missing'),
              coalesce(orders.state, 'missing'))
FROM (SELECT event_id, id, state FROM inventory_hold WHERE event_id = ANY ($1::integer[])) AS hold
FULL JOIN (SELECT event_id, hold_id, state FROM orders_order WHERE event_id = ANY ($1::integer[])) AS orders
    ON orders.event_id = hold.event_id AND orders.hold_id = hold.id
WHERE (hold.state = 'converted') IS DISTINCT FROM (orders.state = 'confirmed') AND (hold.state = 'converted' OR orders.state = 'confirmed')
