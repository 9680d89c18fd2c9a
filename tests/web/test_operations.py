from __future__ import annotations

import json

import msgspec
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tmam.platform.heartbeat import beat
from tmam.platform.models import Heartbeat
from tmam.web.settings import _database

pytestmark = pytest.mark.django_db


def test_alive(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_ready_only_while_the_worker_lives(client: Client) -> None:
    Heartbeat.objects.all().delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.content)["checks"] == {"database": True, "migrations": True, "worker": False}
    beat({"worker": timezone.now()})
    answer = client.get("/readyz")
    assert (answer.status_code, json.loads(answer.content)["ready"]) == (200, True)


def test_metrics_tell_about_requests_and_background_work(client: Client) -> None:
    beat({"worker": timezone.now()})
    client.get("/healthz")
    text = client.get("/metrics").content.decode()
    assert 'tmam_requests_total{method="GET",route="healthz",status="200"}' in text
    assert 'tmam_request_seconds_count{route="healthz"}' in text
    assert 'tmam_heartbeat_age_seconds{process="worker"}' in text
    assert "tmam_log_undispatched" in text


def test_a_made_up_method_makes_no_new_series(client: Client) -> None:
    client.generic("BREW", "/healthz")
    text = client.get("/metrics").content.decode()
    assert 'tmam_requests_total{method="other",route="healthz"' in text
    assert "BREW" not in text


def test_production_has_no_metrics_without_a_token(client: Client, settings: Settings) -> None:
    settings.TMAM = msgspec.structs.replace(settings.TMAM, mode="production")
    assert client.get("/metrics").status_code == 403
    settings.TMAM = msgspec.structs.replace(settings.TMAM, metrics_token="s3cret")
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer s3cret"}).status_code == 200


def test_the_database_url_reaches_django_whole() -> None:
    url = "postgresql://ana:pw@db.example:6432/shop?sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=7"
    found = _database(f"{url}&options=-csearch_path%3Dshop")
    assert (found["HOST"], found["PORT"], found["NAME"], found["USER"]) == (
        "db.example",
        "6432",
        "shop",
        "ana",
    )
    assert found["OPTIONS"] == {
        "sslmode": "verify-full",
        "sslrootcert": "/ca.pem",
        "connect_timeout": "7",
        "options": "-csearch_path=shop -c statement_timeout=15000 -c lock_timeout=5000 -c TimeZone=UTC -c jit=off",
    }


def test_metrics_are_for_this_machine_or_the_token(client: Client, settings: Settings) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}).status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "nonsense"}).status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "::1"}).status_code == 200
    settings.TMAM = msgspec.structs.replace(settings.TMAM, metrics_token="s3cret")
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    allowed = {"Authorization": "Bearer s3cret", "X-Forwarded-For": "203.0.113.9"}
    assert client.get("/metrics", headers=allowed).status_code == 200
