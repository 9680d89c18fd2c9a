"""Old entries of the security log go; newer ones stay."""

from datetime import timedelta

import pytest

from tests.cast import NOW, make_user
from tmam.accounts.happenings import Happening
from tmam.accounts.models import SecurityEntry
from tmam.accounts.security_log import record
from tmam.accounts.sweep_log import sweep_security_log

pytestmark = pytest.mark.django_db


def test_entries_go_after_as_many_days_as_are_set() -> None:
    user = make_user()
    for days in (401, 400, 399, 1):
        record(user.pk, Happening.SIGNED_IN, now=NOW - timedelta(days=days))
    assert sweep_security_log(NOW, 400) == 1
    assert SecurityEntry.objects.filter(user=user).count() == 3
    assert sweep_security_log(NOW, 400) == 0
