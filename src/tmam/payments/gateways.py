"""Which gateways are installed: every folder under `adapters/`. Delete the folder and the gateway is gone."""

from __future__ import annotations

import functools
import pkgutil
from importlib import import_module

from django.conf import settings

from tmam.payments import adapters
from tmam.payments.errors import NoGatewayError
from tmam.payments.ports import Gateway


def installed_gateways() -> list[str]:
    """The names of the installed gateways, sorted."""
    return sorted(found.name for found in pkgutil.iter_modules(adapters.__path__) if found.ispkg)


@functools.cache
def gateway_named(name: str) -> Gateway:
    """The gateway that a payment's row names.

    Raises:
        NoGatewayError: it is not installed any more.
    """
    if name not in installed_gateways():
        raise NoGatewayError
    gateway: Gateway = import_module(f"{adapters.__name__}.{name}.gateway").make_gateway()
    return gateway


def gateway_for_sale() -> Gateway:
    """The gateway that new payments use: a pretend one only where nothing real is sold.

    Raises:
        NoGatewayError: none is installed, or in production only pretend ones.
    """
    is_production = settings.TMAM.mode == "production"
    names = real_gateways() if is_production else installed_gateways()
    if not names:
        raise NoGatewayError
    return gateway_named(names[0])


def real_gateways() -> list[str]:
    """The names of the installed gateways that move real money, sorted."""
    return [name for name in installed_gateways() if not gateway_named(name).is_pretend]
