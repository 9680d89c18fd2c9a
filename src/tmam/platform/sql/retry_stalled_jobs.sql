-- Jobs whose worker died (gone, or no sign of life since $1) go back to the queue, due at once ($2).
WITH stalled AS (
    SELECT job.id
    FROM procrastinate_jobs AS job
    LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.status = 'doing'
      AND (worker.id IS NULL OR worker.last_heartbeat < $1::timestamptz)
    ORDER BY job.id
    LIMIT $3::integer
    FOR UPDATE OF job SKIP LOCKED
)
SELECT stalled.id, procrastinate_retry_job_v2(stalled.id, $2::timestamptz, NULL, NULL, NULL)::text
FROM stalled
