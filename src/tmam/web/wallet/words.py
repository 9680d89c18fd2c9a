"""Every word that the wallet's scripts may say; `{…}` is filled in there."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext, pgettext


def wallet_words(language: str) -> dict[str, Any]:
    """The words in a language."""
    with translation.override(language):
        return _said() | _hindrances() | {"notices": _notices(), "locks": _locks()}


def _said() -> dict[str, str]:
    """What stands on the screen while all is well."""
    return {
        "addMore": gettext("Add tickets"),
        "clockRight": gettext("The clock is right"),
        "dateOff": gettext("This date is cancelled"),
        "day": gettext("Day"),
        "doors": gettext("Doors open at {time}"),
        "empty": gettext("No tickets here yet"),
        "entrance": gettext("Entrance"),
        "kept": gettext("Tickets kept in this phone: {count}"),
        "keyCovered": gettext("The lock covers the key that makes your codes, too"),
        "keyWaiting": gettext(
            "With the next connection this phone gets a new key, which the lock covers. Your tickets work all the time."
        ),
        "lastContact": gettext("Last contact with the server: {when}"),
        "name": gettext("Name"),
        "newCodeIn": gettext("New code in {seconds} s"),
        "no": pgettext("a check", "No:"),
        "organizer": gettext("Organizer"),
        "passkeyName": gettext("tmam wallet (lock)"),
        "persisted": gettext("The browser keeps them, also when space is short"),
        "place": gettext("Place"),
        "reference": gettext("Booking"),
        "rules": gettext("Passing it on"),
        "safe": gettext("Safe offline: works without a connection"),
        "shellKept": gettext("This page opens without a connection"),
        "showCode": gettext("Show the code"),
        "taken": gettext("Done. Tickets in this phone: {count}"),
        "ticket": gettext("Ticket {number}"),
        "ticketOf": gettext("Ticket {number} of {total}"),
        "time": gettext("Time"),
        "understood": gettext("Understood"),
        "where": gettext("Where"),
        "yes": pgettext("a check", "Yes:"),
    }


def _hindrances() -> dict[str, str]:
    """What is wrong or missing, and what to do about it."""
    return {
        "clockOff": gettext("This phone's clock is wrong. Codes are corrected; set the clock to automatic."),
        "codeMissing": gettext("Type the code from your booking."),
        "codeShape": gettext("A code has ten letters and digits, like 7K2QX-D93FA. Look at it once more."),
        "lockFailed": gettext("That did not work. Try again, or choose another lock."),
        "needsHttps": gettext("This page was opened without https. Open it with https to keep tickets."),
        "noConnection": gettext("There is no connection to the server. Try again when there is."),
        "noContact": gettext("No contact with the server yet"),
        "notPersisted": gettext(
            "The browser may forget this page when space is short. Put the wallet on your home screen."
        ),
        "notYetSafe": gettext("Not ready for no connection yet: see what is missing"),
        "passkeyFailed": gettext("The passkey did not open the wallet. Try again."),
        "passkeyUnfit": gettext("The passkeys of this phone cannot lock the wallet. Choose a PIN."),
        "pinEasy": gettext(
            "That PIN is easy to guess. Take digits that are not all the same and not in a row."
        ),
        "pinPaused": gettext("Too many wrong PINs. Try again at {time}."),
        "pinShape": gettext("A PIN has 6 to 12 digits."),
        "pinWrong": gettext("That is not the PIN. Tries left before the wallet wipes itself: {left}"),
        "pinsDiffer": gettext("The two PINs are not the same. Type both again."),
        "shellNotKept": gettext("This page is still being kept for when there is no connection"),
        "storeFailed": gettext(
            "This browser lets the page keep nothing. In a private window that is so on purpose: open the wallet in a normal one."
        ),
        "tooOld": gettext("It is too old for that."),
    }


def _locks() -> dict[str, str]:
    return {
        "none": gettext(
            "The wallet has no lock of its own: whoever can use this phone can show your tickets."
        ),
        "passkey": gettext("The wallet is locked by a passkey, as you unlock this phone."),
        "pin": gettext("The wallet is locked by a PIN. After ten wrong ones it wipes itself."),
    }


def _notices() -> dict[str, dict[str, str]]:
    """What happened while nobody looked, by kind."""
    return {
        "changed": {
            "title": gettext("Your tickets were brought up to date"),
            "text": gettext(
                "Something about them changed, a time or a place for example. Look at them again."
            ),
        },
        "clock": {
            "title": gettext("This phone's clock is wrong"),
            "text": gettext(
                "It is about {minutes} min off. The codes are corrected for it; set the clock to automatic all the same."
            ),
        },
        "ended": {
            "title": gettext("A ticket admits nobody any more"),
            "text": gettext("It was cancelled or paid back, so it was taken out of this phone."),
        },
        "freed": {
            "title": gettext("A ticket was taken out of this phone"),
            "text": gettext("It was done on the booking page. You can download it there."),
        },
        "moved": {
            "title": gettext("A ticket is in another phone now"),
            "text": gettext("Was it not you? Take it out of that phone on your booking page."),
        },
        "renewed": {
            "title": gettext("Your lock covers everything now"),
            "text": gettext(
                "This phone made its key before you chose the lock. It has a new one now, and your tickets have new codes. A copy of this phone from before lets nobody in."
            ),
        },
        "restored": {
            "title": gettext("The changed ticket was replaced"),
            "text": gettext("We fetched it again from the server, and it is whole."),
        },
        "signed_out": {
            "title": gettext("This browser was signed out of your account"),
            "text": gettext("So its tickets were taken out of this phone. They are in your booking."),
        },
        "tampered": {
            "title": gettext("A ticket in this phone was changed"),
            "text": gettext(
                "Its stored copy is not what we gave this phone, so it is not shown. With a connection it is fetched again, and we note that it happened."
            ),
        },
        "wrong_pins": {
            "title": gettext("The wallet was wiped"),
            "text": gettext(
                "The PIN was wrong ten times. Your tickets still exist: take them out of this phone on your booking page, then put them in again."
            ),
        },
    }
