-- Which of these holds lie in a checkout, where the web pages sell them.
SELECT hold_id FROM orders_checkouthold WHERE hold_id = ANY ($1::uuid[])
