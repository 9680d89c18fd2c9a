"""Fifty wrong sign-ins a second do not starve the shop."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bench.sign_in_load import Answers, Shop, measure, open_shop

pytestmark = pytest.mark.usefixtures("live_database")
SHOP = ("search", "event page", "hold")


def assert_the_shop_answers(answers: dict[str, Answers]) -> None:
    for name in SHOP:
        assert set(answers[name].statuses) <= {200, 201}, (name, answers[name].statuses)


def test_the_shop_answers_beside_wrong_sign_ins_and_each_of_those_gets_an_answer_too(tmp_path: Path) -> None:
    with open_shop(tmp_path, datetime.now(UTC)) as shop:
        answers = asyncio.run(measure(shop, 2, per_s=5, wrong_per_s=50))
    assert_the_shop_answers(answers)
    wrong = answers["wrong sign-in"].statuses
    assert set(wrong) <= {200, 503}, "looked at, or told to come back"
    assert wrong[200] > 0
    assert wrong.total() == 100


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_the_shop_is_hardly_slower(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Quiet and attacked in turns, so that a change of the machine's mood meets both; the figures are printed."""
    quiet, attacked = (dict[str, Answers]() for _ in range(2))
    with open_shop(tmp_path, datetime.now(UTC)) as shop:
        asyncio.run(measure(shop, 5, per_s=10, wrong_per_s=0))  # warm
        for _ in range(3):
            _add(quiet, shop, 0)
            _add(attacked, shop, 50)
    assert_the_shop_answers(quiet)
    assert_the_shop_answers(attacked)
    with capsys.disabled():
        for name in SHOP:
            pairs = [(quiet[name].ms(share), attacked[name].ms(share)) for share in (0.5, 0.99)]
            words = [f"{before:.1f} → {beside:.1f} ms ({beside / before:.2f}×)" for before, beside in pairs]
            print(f"\n{name}: p50 {words[0]}, p99 {words[1]}", end="")  # noqa: T201 - figures for docs/sign-in.md
        print("\nwrong sign-ins:", dict(attacked["wrong sign-in"].statuses))  # noqa: T201 - as above
    for name in SHOP:
        assert attacked[name].ms(0.5) < 10 * quiet[name].ms(0.5), name


def _add(to: dict[str, Answers], shop: Shop, wrong_per_s: float) -> None:
    for name, found in asyncio.run(measure(shop, 10, per_s=10, wrong_per_s=wrong_per_s)).items():
        kept = to.setdefault(name, Answers())
        kept.seconds += found.seconds
        kept.statuses.update(found.statuses)
