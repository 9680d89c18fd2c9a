from __future__ import annotations

import msgspec
import pytest
from pytest_django import Settings

from tests.payments.gateway_contract import GatewayContract, NeverInsideATransaction, new_id
from tmam.payments.adapters.sandbox import bank
from tmam.payments.errors import NoGatewayError
from tmam.payments.gateways import gateway_for_sale, gateway_named, installed_gateways, real_gateways
from tmam.payments.ports import Approved, Declined, DeclineReason, Redirect


class TestSandboxGateway(GatewayContract):
    gateway = gateway_named("sandbox")
    approving, approving_other, declining = "approve", "approve-2", "decline"
    asking, losing = "confirm", "lost"

    def test_the_buyer_approves_on_the_banks_page(self) -> None:
        payment_id, _ = self.start(self.asking)
        bank.decide(payment_id, approve=True)
        assert isinstance(self.gateway.ask(payment_id), Approved)

    def test_only_the_buyers_first_answer_counts(self) -> None:
        payment_id, _ = self.start(self.asking)
        bank.decide(payment_id, approve=False)
        bank.decide(payment_id, approve=True)
        assert self.gateway.ask(payment_id) == Declined(DeclineReason.CANCELLED)

    def test_a_decision_about_nothing_is_nothing(self) -> None:
        assert bank.decide(new_id(), approve=True) is None

    def test_the_banks_page_is_on_our_own_site(self) -> None:
        payment_id, outcome = self.start(self.asking)
        assert outcome == Redirect(f"/sandbox-bank/{payment_id}/")


class TestSandboxInsideATransaction(NeverInsideATransaction):
    gateway = gateway_named("sandbox")
    approving = "approve"


def test_gateways_are_the_folders_of_adapters() -> None:
    assert installed_gateways() == ["sandbox"]
    assert gateway_for_sale().name == "sandbox"


@pytest.mark.parametrize("name", ["paypal", "", "../sandbox", "sandbox.bank"])
def test_a_gateway_that_is_not_installed_is_a_coded_error(name: str) -> None:
    with pytest.raises(NoGatewayError):
        gateway_named(name)


def test_pretend_money_buys_nothing_in_production(settings: Settings) -> None:
    settings.TMAM = msgspec.structs.replace(settings.TMAM, mode="production")
    with pytest.raises(NoGatewayError):
        gateway_for_sale()
    assert real_gateways() == []
    assert gateway_named("sandbox").is_pretend  # still asked about what was started before
