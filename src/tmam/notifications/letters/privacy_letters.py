"""The letters of an account's end, and of getting back into one with the help of staff."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tmam.accounts.recovery_links import LinkPurpose, sign_recovery_link
from tmam.notifications.letter import Block, Letter, button, facts, heading, small, text
from tmam.notifications.letters.fetching import link_words, open_url
from tmam.notifications.when_words import in_language, moment_words
from tmam.orders.order_summary import OrderSummary

Facts = Mapping[str, Any]


def account_erased(orders: Sequence[OrderSummary]) -> Letter:
    """Goodbye, with the links to what is still to come."""
    title = _("Your account is erased")
    blocks: list[Block] = [
        text(_("As you asked, we erased your tmam account. This is the last mail about it."))
    ]
    if orders:
        blocks.append(text(_("Your tickets stay valid. Each button opens one booking without an account:")))
        for order in orders:
            blocks += [heading(in_language(order.event.title)), button(_("Open my tickets"), open_url(order))]
        blocks.append(small(link_words()))
    blocks.append(
        text(
            _(
                "It was not you? Then write to us at once. The account can't come back, but we can help with tickets."
            )
        )
    )
    return Letter(title, _("Keep this mail if you have tickets."), title, blocks)


def prove_mailbox(found: Facts) -> Letter:
    """Is this mailbox yours? Then your request goes to our staff."""
    title = _("Go on with your request for help")
    return Letter(
        title,
        _("The button works for one hour."),
        title,
        [
            text(_("Somebody, perhaps you, asked for help with signing in to tmam and named this address.")),
            button(_("Go on with my request"), _link(found, LinkPurpose.PROVE)),
            small(_("It works for one hour. It was not you? Then do nothing, and choose a new password.")),
        ],
    )


def recovery_asked(found: Facts) -> Letter:
    """To every address of the owner: somebody asked."""
    title = _("Somebody asked for help with signing in to your account")
    return Letter(
        title,
        _("If it was not you, stop it now."),
        title,
        [
            text(_asked_words(found)),
            text(
                _("A person of ours will look at it. Nothing changes before that, and you hear of each step.")
            ),
            *_stop(found),
        ],
    )


def recovery_approved(found: Facts) -> Letter:
    """To every address of the owner: the waiting has begun."""
    title = _("Help with signing in was approved")
    return Letter(
        title,
        _("Nothing changes yet. If it was not you, stop it now."),
        title,
        [
            text(_asked_words(found)),
            text(_("We approved it. To be safe, nothing changes before this moment:")),
            facts([(_("Not before"), _moment(found))]),
            text(_("We write again shortly before.")),
            *_stop(found),
        ],
    )


def recovery_soon(found: Facts) -> Letter:
    """To every address of the owner: last call."""
    title = _("Tomorrow your sign-in can be replaced")
    return Letter(
        title,
        _("If it was not you, stop it now."),
        title,
        [text(_asked_words(found)), facts([(_("Not before"), _moment(found))]), *_stop(found)],
    )


def recovery_ready(found: Facts) -> Letter:
    """To whoever asked: it is time. The only letter with the link that ends it."""
    title = _("You can now finish getting back in")
    return Letter(
        title,
        _("You need your password."),
        title,
        [
            text(
                _("The waiting time is over. Press the button and type your password; then you are back in.")
            ),
            button(_("Finish now"), _link(found, LinkPurpose.COMPLETE)),
            small(_("It works for two weeks. Afterwards you would have to ask again.")),
            *_stop(found),
        ],
    )


def recovery_cancelled(found: Facts) -> Letter:
    """To every address of the owner: stopped."""
    title = _("Help with signing in was stopped")
    return Letter(
        title,
        _("Your account is as it was."),
        title,
        [
            text(_asked_words(found)),
            text(_("It was stopped. Your account is as it was.")),
            text(_("If you did not ask for it, somebody knows your password: choose a new one.")),
            button(_("Choose a new password"), f"{settings.SITE_ORIGIN}/accounts/password/reset/"),
        ],
    )


def recovery_refused(found: Facts) -> Letter:
    """To every address of the owner: our staff said no."""
    title = _("We could not help with signing in")
    words = _(
        "We could not be sure that it was you, so we changed nothing. Answer this mail if you can tell us more."
    )
    return Letter(title, _("Your account is as it was."), title, [text(_asked_words(found)), text(words)])


def recovered(found: Facts) -> Letter:
    """To every address of the owner, old and new: done."""
    title = _("Your sign-in was replaced")
    words = (
        _("Your account has a new main e-mail address; the lost one no longer opens it.")
        if found["kind"] == "email"
        else _("The lost second factors were removed from your account. Add a new one as soon as you can.")
    )
    return Letter(
        title,
        _("Everybody was signed out."),
        title,
        [
            text(words),
            text(_("Everybody was signed out. Sign in with your password.")),
            button(_("Sign in"), f"{settings.SITE_ORIGIN}/accounts/login/"),
            text(_("It was not you? Write to us at once: answer this mail.")),
        ],
    )


PRIVACY_LETTERS: Mapping[str, Callable[[Facts], Letter]] = {
    "recovery_prove": prove_mailbox,
    "recovery_asked": recovery_asked,
    "recovery_approved": recovery_approved,
    "recovery_soon": recovery_soon,
    "recovery_ready": recovery_ready,
    "recovery_cancelled": recovery_cancelled,
    "recovery_refused": recovery_refused,
    "recovered": recovered,
}


def _asked_words(found: Facts) -> str:
    if found["kind"] == "email":
        return _(
            "Somebody who knows your password says that you lost this mailbox and wants to use another address."
        )
    return _("Somebody who knows your password says that you lost your phone and every other second factor.")


def _stop(found: Facts) -> list[Block]:
    return [
        heading(_("It was not you?")),
        text(_("Then stop it with this button. Afterwards choose a new password.")),
        button(_("Stop it"), _link(found, LinkPurpose.CANCEL)),
    ]


def _link(found: Facts, purpose: LinkPurpose) -> str:
    secret = sign_recovery_link(int(found["request_id"]), purpose)
    return f"{settings.SITE_ORIGIN}/accounts/recover/open/?t={secret}"


def _moment(found: Facts) -> str:
    ready_at = found.get("ready_at")
    return moment_words(datetime.fromisoformat(ready_at), "UTC") if ready_at else ""
