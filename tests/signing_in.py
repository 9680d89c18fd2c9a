"""Signing in as people do: the form, and the mailed code that a browser nobody knows is asked for."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from tests.cast import PASSWORD
from tmam.notifications.models import Mail

NEW_DEVICE = "/accounts/new-device/"


def type_password(client: Client, login: str, password: str = PASSWORD, **fields: str) -> HttpResponse:
    """Send the sign-in form."""
    return client.post("/accounts/login/", {"login": login, "password": password, **fields})


def mailed_code(email: str) -> str:
    """The newest code that was mailed to an address."""
    mail = Mail.objects.filter(to=email, context__has_key="code").order_by("-id").first()
    assert mail is not None, f"no code was mailed to {email}"
    return str(mail.context["code"])


def sign_in(client: Client, email: str, password: str = PASSWORD, **fields: str) -> HttpResponse:
    """Sign in with the form, typing the mailed code if it is asked for; the answer that ends the sign-in."""
    answer = type_password(client, email, password, **fields)
    if answer.headers.get("Location") == NEW_DEVICE:
        answer = client.post(NEW_DEVICE, {"code": mailed_code(email)})
    return answer


def change_password(client: Client, new: str, password: str = PASSWORD) -> None:
    """Change the password of who is signed in, with the fresh proof that it takes."""
    path = "/accounts/password/change/"
    client.post("/accounts/reauthenticate/", {"password": password, "next": path})
    assert client.post(path, {"password1": new}).status_code == 302
