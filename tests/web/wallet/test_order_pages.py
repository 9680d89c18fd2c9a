"""Before tickets go into a phone or out of one: the right person, proven just now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from tests.fulfilment.wallet.phones import TestPhone, offer
from tests.gates.guests import make_event_tonight
from tests.gates.orders import make_order
from tests.web.proof import prove
from tmam.accounts.models import User
from tmam.fulfilment.models import WalletOffer
from tmam.notifications.mail_context import unseal
from tmam.notifications.models import Mail
from tmam.orders.models import Order
from tmam.orders.order_links import sign_open_link
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.django_db
