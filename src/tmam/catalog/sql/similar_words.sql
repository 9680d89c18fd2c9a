-- For each word ($1) nothing in sale begins with: words that do occur and look alike, at most 40 each.
-- Trigrams only gather candidates; a swapped pair of letters leaves few in common, so the net is wide
-- (the caller sets pg_trgm.similarity_threshold for this transaction) and slips are counted afterwards.
SELECT given.word, alike.word
FROM unnest($1::text[]) AS given (word)
CROSS JOIN LATERAL (
    SELECT known.word
    FROM catalog_searchword AS known
    WHERE known.word % given.word
      AND length(known.word) BETWEEN length(given.word) - 3 AND length(given.word) + 3
      AND EXISTS (
        SELECT 1 FROM catalog_eventsummary AS summary
        WHERE summary.document @@ ('''' || known.word || '''')::tsquery
      )
    ORDER BY similarity(known.word, given.word) DESC, known.word
    LIMIT 40
) AS alike
WHERE NOT EXISTS (
    SELECT 1 FROM catalog_eventsummary AS summary WHERE summary.document @@ ('''' || given.word || ''':*')::tsquery
)
