-- How alike two words must be for the trigram operator, for this transaction only.
SELECT set_config('pg_trgm.similarity_threshold', '0.2', true)
