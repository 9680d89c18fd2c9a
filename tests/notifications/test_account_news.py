"""What the owner of an account is told by mail: once, at the main address, in their language, with from where."""

import pytest
from allauth.account.models import EmailAddress

from tests.cast import NOW, make_user, unique
from tmam.accounts.happenings import Happening
from tmam.accounts.security_log import Visit, record
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.platform.event_log import drain

pytestmark = pytest.mark.django_db
VISIT = Visit(network="192.0.2.0", browser="Firefox")


def test_the_owner_is_told_in_their_language_and_from_where() -> None:
    user = make_user(language="es")
    record(user.pk, Happening.FACTOR_ADDED, now=NOW, visit=VISIT, details={"kind": "totp"})
    drain()
    (mail,) = Mail.objects.filter(to=user.email)
    assert (mail.template, mail.language) == ("account.factor_added", "es")
    message = compose_mail(mail, NOW)
    assert message.subject == "Tu cuenta tiene un segundo paso más"
    assert "Aplicación de códigos" in str(message.body)
    assert "192.0.2.0" in str(message.body)


def test_it_goes_to_the_main_proven_address() -> None:
    user = make_user(verified=False)
    proven = f"{unique('work')}@buyers.example"
    EmailAddress.objects.create(user=user, email=proven, verified=True, primary=False)
    record(user.pk, Happening.CODES_PAUSED, now=NOW, details={"until": NOW.isoformat()})
    drain()
    assert [mail.to for mail in Mail.objects.filter(template="account.codes_paused")] == [proven]


def test_a_fact_has_one_mail_and_what_is_no_news_none() -> None:
    user = make_user()
    record(user.pk, Happening.RECOVERY_CODE_USED, now=NOW, details={"left": 2})
    record(user.pk, Happening.RECOVERY_CODES_MADE, now=NOW, details={"is_first": True})
    record(user.pk, Happening.PROVEN_AGAIN, now=NOW, details={"kind": "password"})
    drain()
    drain()
    (mail,) = Mail.objects.filter(to=user.email)
    assert "2 codes are left" in str(compose_mail(mail, NOW).body)
    assert "before you run out" in str(compose_mail(mail, NOW).body)


def test_nobody_is_told_of_an_account_that_is_gone() -> None:
    user = make_user()
    record(user.pk, Happening.FACTOR_REMOVED, now=NOW, details={"kind": "totp"})
    email = user.email
    user.delete()
    drain()
    assert not Mail.objects.filter(to=email).exists()
