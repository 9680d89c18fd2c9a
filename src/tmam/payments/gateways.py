"""Which gateways are installed: every folder under `adapters/`. Delete the folder and the gateway is gone."""

from __future__ import annotations

import functools
import pkgutil
from importlib import import_module

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
    """The gateway that new payments use.

    Raises:
        NoGatewayError: none is installed.
    """
    names = installed_gateways()
    if not names:
        raise NoGatewayError
    return gateway_named(names[0])
