"""A browser that opened an order's mailed link, by the same steps as a person."""

from __future__ import annotations

from django.test import Client

from tmam.orders.models import Order
from tmam.orders.order_links import sign_open_link


def browser_of(order: Order, client: Client | None = None, secret: str = "") -> Client:
    """A browser that sees this order: it followed the link and pressed the button."""
    client = client or Client()
    response = client.get("/me/tickets/open/", {"t": secret or sign_open_link(order)}, follow=True)
    if response.redirect_chain[-1][0] == "/me/tickets/opening/":
        response = client.post("/me/tickets/opening/", {"action": "open"})
        assert response.headers["Location"] == f"/me/orders/{order.booking_reference}/"
    return client
