-- Remember the words of some documents for spelling help. Numbers and very short words are no help.
INSERT INTO catalog_searchword (word)
SELECT DISTINCT given.word FROM unnest($1::text[]) AS given (word)
WHERE NOT EXISTS (SELECT 1 FROM catalog_searchword AS known WHERE known.word = given.word COLLATE "C")
ORDER BY given.word
ON CONFLICT (word) DO NOTHING
