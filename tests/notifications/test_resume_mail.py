"""A mail whose job was lost is sent all the same, and only once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from tests.cast import NOW, unique
from tmam.notifications.jobs import ComeBackLater
from tmam.notifications.models import Mail
from tmam.notifications.queue_mail import queue_mail
from tmam.notifications.resume_mail import resume_mails
from tmam.platform.jobs import retry_stalled_jobs

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def mail_id() -> int:
    Mail.objects.all().delete()
    connection.cursor().execute("DELETE FROM procrastinate_jobs")
    made = queue_mail(cause=unique("cause"), template="x", to="a@b.example", language="en", now=NOW)
    assert made is not None
    return made


def jobs() -> list[tuple[str, int]]:
    return [(job.status, job.args["mail_id"]) for job in ProcrastinateJob.objects.order_by("id")]


def set_jobs(assignment: str) -> None:
    connection.cursor().execute(f"UPDATE procrastinate_jobs SET {assignment}")


def test_a_mail_with_a_live_job_is_left_alone(mail_id: int) -> None:
    assert resume_mails(LATER) == 0
    set_jobs("status = 'doing'")
    assert resume_mails(LATER) == 0
    assert jobs() == [("doing", mail_id)]


@pytest.mark.parametrize(
    "lost", ["DELETE FROM procrastinate_jobs", "UPDATE procrastinate_jobs SET status = 'failed'"]
)
def test_a_mail_without_a_job_gets_one(mail_id: int, lost: str) -> None:
    connection.cursor().execute(lost)
    assert resume_mails(NOW + timedelta(seconds=30)) == 0
    assert resume_mails(LATER) == 1
    assert resume_mails(LATER) == 0
    assert jobs()[-1] == ("todo", mail_id)


def test_what_was_sent_or_given_up_is_left_alone(mail_id: int) -> None:
    set_jobs("status = 'failed'")
    for state in ("sent", "failed"):
        Mail.objects.filter(id=mail_id).update(state=state)
        assert resume_mails(LATER) == 0


@pytest.mark.parametrize(("silent_s", "taken"), [(5, 0), (90, 1)])
def test_the_job_of_a_dead_worker_goes_back(mail_id: int, silent_s: int, taken: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id",
            [LATER - timedelta(seconds=silent_s)],
        )
        worker_id = cursor.fetchone()[0]
    set_jobs(f"status = 'doing', worker_id = {worker_id}")
    assert retry_stalled_jobs(LATER) == taken
    assert retry_stalled_jobs(LATER) == 0
    assert jobs() == [("todo" if taken else "doing", mail_id)]


def test_the_job_of_a_forgotten_worker_goes_back(mail_id: int) -> None:
    set_jobs("status = 'doing'")
    assert retry_stalled_jobs(LATER) == 1
    assert jobs() == [("todo", mail_id)]


@pytest.mark.parametrize(
    "error", [OperationalError("gone"), ValueError("TMAM_MAIL_URL must be …"), KeyError("x")]
)
def test_whatever_goes_wrong_is_tried_again(error: Exception) -> None:
    job = Job(
        id=1, queue="mail", lock=None, queueing_lock=None, task_name="notifications.send_mail", attempts=40
    )
    decision = ComeBackLater().get_retry_decision(exception=error, job=job)
    assert decision is not None
    assert decision.retry_at is not None
