-- The currencies that something is sold in, the commonest first.
SELECT currency FROM catalog_eventsummary GROUP BY currency ORDER BY count(*) DESC, currency
