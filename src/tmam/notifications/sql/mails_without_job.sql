-- Mails that wait since before an instant and that no job is going to send.
SELECT mail.id
FROM notifications_mail AS mail
WHERE mail.state = 'waiting'
  AND mail.queued_at < $1::timestamptz
  AND NOT EXISTS (
      SELECT 1
      FROM procrastinate_jobs AS job
      WHERE job.task_name = $2::text
        AND job.status IN ('todo', 'doing')
        AND (job.args ->> 'mail_id')::bigint = mail.id
  )
ORDER BY mail.queued_at
LIMIT $3::integer
