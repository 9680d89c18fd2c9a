-- One page of the events that match, with the total and the counts by kind and by city.
-- $1 now · $2 tsquery of all words · $3 tsqueries (at most 8) whose hits in title or performers make an event rank higher
-- $4 from day · $5 to day · $6 from price · $7 to price (minor units) · $8 currency, when a price is asked
-- $9 only what can be bought now · $10 kinds · $11 limit · $12 offset · $13 tsquery of the place.
-- A NULL asks for nothing.
-- A stretch of days is compared with an event's first and last day; only an event that begins before
-- and ends after it needs its set of days. Prices are in order, so most are judged by the lowest and the highest;
-- they are looked up by date only where they differ by date and it matters which date.
-- The queries for words stand in a SELECT of their own, so that the planner cannot know how common they are and always
-- takes the index: it does not know what reading a long document costs.
-- The counts by kind leave the chosen kinds out of account.
WITH window_of_days AS (
    SELECT coalesce($4::date, '-infinity'::date) AS first, coalesce($5::date, 'infinity'::date) AS last
), matched AS MATERIALIZED (
    SELECT
        summary.event_id, summary.kind, summary.city, summary.country,
        $10::text[] IS NULL OR summary.kind = ANY ($10::text[]) AS is_of_kind,
        CASE
            WHEN NOT $9::boolean THEN
                CASE WHEN summary.first_day >= asked.first THEN summary.first_day
                ELSE lower(summary.days * datemultirange(daterange(asked.first, NULL))) END
            WHEN summary.first_free_day >= asked.first THEN summary.first_free_day
            ELSE lower(summary.free_days * datemultirange(daterange(asked.first, NULL)))
        END AS first_day,
        coalesce((summary.title_words @@ ($3::text[])[1]::tsquery)::integer, 0)
        + coalesce((summary.title_words @@ ($3::text[])[2]::tsquery)::integer, 0)
        + coalesce((summary.title_words @@ ($3::text[])[3]::tsquery)::integer, 0)
        + coalesce((summary.title_words @@ ($3::text[])[4]::tsquery)::integer, 0)
        + coalesce((summary.title_words @@ ($3::text[])[5]::tsquery)::integer, 0)
        + coalesce((summary.title_words @@ ($3::text[])[6]::tsquery)::integer, 0)
        + coalesce((summary.title_words @@ ($3::text[])[7]::tsquery)::integer, 0)
        + coalesce((summary.title_words @@ ($3::text[])[8]::tsquery)::integer, 0) AS title_hits
    FROM catalog_eventsummary AS summary, window_of_days AS asked
    WHERE summary.last_ends_at > $1::timestamptz
      AND ($2::text IS NULL OR summary.document @@ (SELECT $2::text::tsquery))
      AND ($13::text IS NULL OR summary.place_words @@ (SELECT $13::text::tsquery))
      AND (($4::date IS NULL AND $5::date IS NULL) OR $9::boolean OR (
        summary.last_day >= asked.first AND summary.first_day <= asked.last AND (
            summary.first_day >= asked.first OR summary.last_day <= asked.last
            OR summary.days && daterange(asked.first, asked.last, '[]')
        )
      ))
      AND (NOT $9::boolean OR (
        summary.last_free_day >= asked.first AND summary.first_free_day <= asked.last AND (
            summary.first_free_day >= asked.first OR summary.last_free_day <= asked.last
            OR summary.free_days && daterange(asked.first, asked.last, '[]')
        )
      ))
      AND ($8::text IS NULL OR (
        summary.currency = $8::text
        AND summary.prices_minor[1] <= coalesce($7::integer, 2147483647)
        AND summary.prices_minor[cardinality(summary.prices_minor)] >= coalesce($6::integer, 0)
        AND (
            summary.prices_minor[1] >= coalesce($6::integer, 0)
            OR summary.prices_minor[cardinality(summary.prices_minor)] <= coalesce($7::integer, 2147483647)
            OR EXISTS (
                SELECT 1 FROM unnest(summary.prices_minor) AS price
                WHERE price BETWEEN coalesce($6::integer, 0) AND coalesce($7::integer, 2147483647)
            )
        )
        AND (NOT summary.prices_vary OR ($4::date IS NULL AND $5::date IS NULL AND NOT $9::boolean) OR EXISTS (
            SELECT 1 FROM catalog_datesummary AS date, unnest(date.prices_minor) AS price
            WHERE date.event_id = summary.event_id
              AND date.local_day BETWEEN asked.first AND asked.last
              AND (NOT $9::boolean OR (
                date.available > 0
                AND date.sales_start_at <= $1::timestamptz AND date.sales_end_at > $1::timestamptz
              ))
              AND price BETWEEN coalesce($6::integer, 0) AND coalesce($7::integer, 2147483647)
        ))
      ))
), page AS (
    SELECT event_id FROM matched WHERE is_of_kind
    ORDER BY title_hits DESC, first_day, event_id
    LIMIT $11::integer OFFSET $12::integer
), counted AS MATERIALIZED (
    SELECT kind, city, country, is_of_kind, count(*) AS events FROM matched GROUP BY kind, city, country, is_of_kind
), kinds AS (
    SELECT kind, sum(events)::bigint AS events FROM counted GROUP BY kind
), cities AS (
    SELECT city, country, sum(events)::bigint AS events FROM counted WHERE is_of_kind GROUP BY city, country
    ORDER BY sum(events) DESC, city LIMIT 12
)
SELECT
    (SELECT coalesce(sum(events), 0)::bigint FROM counted WHERE is_of_kind),
    ARRAY(SELECT event_id FROM page),
    (SELECT coalesce(json_agg(json_build_array(kind, events) ORDER BY events DESC, kind), '[]') FROM kinds)::text,
    (SELECT coalesce(json_agg(json_build_array(city, country, events) ORDER BY events DESC, city), '[]') FROM cities)::text
