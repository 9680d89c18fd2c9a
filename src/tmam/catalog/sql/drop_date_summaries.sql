-- Take away dates of some events ($1) that are not among those to keep ($2, $3: event and date of each).
DELETE FROM catalog_datesummary AS summary
WHERE summary.event_id = ANY ($1::integer[])
  AND NOT EXISTS (
    SELECT 1 FROM unnest($2::integer[], $3::integer[]) AS kept (event_id, date_ordinal)
    WHERE kept.event_id = summary.event_id AND kept.date_ordinal = summary.date_ordinal
  )
