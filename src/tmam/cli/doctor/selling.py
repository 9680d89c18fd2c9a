"""Checks of whether anything can be sold."""

from __future__ import annotations

from tmam.cli.doctor.findings import Check, Finding, Patient, fine, watch
from tmam.payments.gateways import installed_gateways, real_gateways


def selling_checks() -> list[Check]:
    """A way to pay."""
    return [Check("gateway", _gateway)]


def _gateway(patient: Patient) -> Finding:
    is_production = patient.settings.mode == "production"
    names = real_gateways() if is_production else installed_gateways()
    if not names:
        return watch(
            "gateway",
            "No gateway that takes real money is installed: only free tickets can be had.",
            "Install one under `payments/adapters/`; the sandbox sells nothing in production.",
        )
    return fine("gateway", f"Payments go through {names[0]}.")
