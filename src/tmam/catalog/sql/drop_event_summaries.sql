-- Take away the events that have no dates left to show.
DELETE FROM catalog_eventsummary AS summary
WHERE summary.event_id = ANY ($1::integer[])
  AND NOT EXISTS (SELECT 1 FROM catalog_datesummary AS date WHERE date.event_id = summary.event_id)
