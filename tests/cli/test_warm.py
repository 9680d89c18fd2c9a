"""`tmam warm`: a clear sentence for what cannot be, and progress for what can."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.cast import make_event
from tmam.cli.operator_error import OperatorError
from tmam.cli.warm import _warm, run_warm
from tmam.fulfilment.models import Warming
from tmam.platform.settings import current_settings

pytestmark = pytest.mark.django_db


def test_what_cannot_be_warmed_is_said_in_one_sentence() -> None:
    event = make_event(now=timezone.now())
    with pytest.raises(OperatorError, match="no event 2147483000"):
        _warm(current_settings(), 2147483000, ["pdf"])
    with pytest.raises(OperatorError, match=r"no form `code` .* There are: pdf, pdf-letter, .*png, jpeg"):
        _warm(current_settings(), event.id, ["code"])
    now = timezone.now()
    Warming.objects.create(event_id=event.id, forms=["pdf"], state="running", asked_at=now, changed_at=now)
    with pytest.raises(OperatorError, match="already"):
        _warm(current_settings(), event.id, ["pdf"])


def test_no_form_at_all_is_no_wish() -> None:
    for forms in ("", " , "):
        with pytest.raises(OperatorError, match="Name at least one form"):
            run_warm(current_settings(), 1, forms)


def test_it_tells_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    event = make_event(now=timezone.now())
    assert _warm(current_settings(), event.id, ["pdf"]) == 0
    assert "0 of 0 orders, 0 files ready, 0 failed" in capsys.readouterr().out
