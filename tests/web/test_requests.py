"""What every request passes through, whatever is thrown at it."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_an_endless_query_is_told_and_read_by_nobody(client: Client) -> None:
    query = "&".join(f"kind={number}" for number in range(1000))
    for path in ("/en/", "/me/tickets/", "/checkout/"):
        response = client.get(f"{path}?{query}")
        assert response.status_code == 400
        assert "platform.bad_request" in response.content.decode()


@pytest.mark.django_db
def test_pages_let_the_browser_say_where_a_form_comes_from(client: Client) -> None:
    # With `no-referrer` Chromium sends `Origin: null`, and every form of the page would be refused.
    assert client.get("/me/tickets/").headers["Referrer-Policy"] == "same-origin"
