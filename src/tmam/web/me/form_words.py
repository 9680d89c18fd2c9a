"""What people read about each form of a ticket before they press it: what it is good for, what it needs, how big it is.

Keyed by the names of `fulfilment.formats`, and of what is a page of its own instead of a file (`offered_forms`).
Apple's and Google's names are used as their makers ask: words only, their signs and badges are theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Group: TypeAlias = Literal["phone", "paper", "picture", "more"]

GROUPS: Final[Mapping[Group, Promise]] = {
    "phone": _("On your phone"),
    "paper": _("On paper, and for every screen"),
    "picture": _("As a picture"),
    "more": _("More"),
}


def _about(kilobytes: int) -> Promise:
    return format_lazy(_("about {kilobytes} kB"), kilobytes=kilobytes)


@dataclass(frozen=True)
class FormWords:
    """One form in words. `size` is what a ticket takes, measured (`tests/web/test_sample_pages.py`), or nothing for pages."""

    group: Group
    icon: str
    title: Promise
    button: Promise
    good_for: Promise
    needs: Promise
    size: Promise | str = ""


FORM_WORDS: Final[Mapping[str, FormWords]] = {
    "pkpass": FormWords(
        "phone",
        "wallet",
        _("Apple Wallet"),
        _("Add to Apple Wallet"),
        _("Comes up by itself when it is time to go, and works without a network."),
        _(
            "An iPhone with iOS 12 or newer; for several tickets at once iOS 16. From Safari on a Mac it goes to the iPhone with the same Apple account."
        ),
        _about(20),
    ),
    "google": FormWords(
        "phone",
        "wallet",
        _("Google Wallet"),
        _("Add to Google Wallet"),
        _("Its code changes every few seconds and works without a network; copies of it are worth nothing."),
        _("An Android phone (version 9 or newer) with Google Wallet, and a Google account."),
    ),
    "wallet": FormWords(
        "phone",
        "smartphone",
        _("In a phone, safe from copies"),
        _("Keep in a phone"),
        _(
            "They open without a connection, and their code moves: a photo of it lets nobody in. What you downloaded before stops working."
        ),
        _("An iPhone with iOS 16.4, Android with Chrome 111, or newer. Nothing to install."),
        _("up to 20 kB"),
    ),
    "pdf": FormWords(
        "paper",
        "file-text",
        _("PDF"),
        _("Download PDF"),
        _("One page a ticket, to print or to show on any screen. Screen readers can read it."),
        _("Any computer or phone that opens PDF files. An iPhone with iOS 13 or newer keeps it under Files."),
        _about(40),
    ),
    "pdf-letter": FormWords(
        "paper",
        "printer",
        _("PDF, US Letter"),
        _("Download PDF, US Letter"),
        _("The same for paper of 8.5 × 11 inches."),
        _("A printer with Letter paper."),
        _about(40),
    ),
    "pdf-large": FormWords(
        "paper",
        "accessibility",
        _("PDF in large print"),
        _("Download large print"),
        _("Large letters and strong contrast, easier to read on paper and on screen."),
        _("A printer, or anything that opens PDF files."),
        _about(35),
    ),
    "pdf-low-ink": FormWords(
        "paper",
        "printer",
        _("PDF that saves ink"),
        _("Download saving ink"),
        _("Black on white, without coloured areas. The door reads it just as well."),
        _("A printer, colour or not."),
        _about(40),
    ),
    "html": FormWords(
        "paper",
        "list",
        _("Plain page"),
        _("Download plain page"),
        _("For very old phones and computers, and to print from the browser."),
        _("Any browser, also old ones and without scripts."),
        _about(11),
    ),
    "png": FormWords(
        "picture",
        "image",
        _("Picture (PNG)"),
        _("Download picture"),
        _("The whole ticket as a picture: keep it with your photos, it needs no app and no network."),
        _("Any phone, old or new."),
        _about(300),
    ),
    "jpeg": FormWords(
        "picture",
        "image",
        _("Picture (JPEG)"),
        _("Download JPEG"),
        _("For old phones, messages and devices that know no PNG."),
        _("Anything that shows photos."),
        _about(320),
    ),
    "code": FormWords(
        "picture",
        "qr-code",
        _("Only the code"),
        _("Download code"),
        _("Small and there at once, also on a slow network. The door needs nothing else."),
        _("Anything with a screen."),
        _("less than 1 kB"),
    ),
    "protected": FormWords(
        "more",
        "lock",
        _("Protected PDF"),
        _("Protect the PDF"),
        _(
            "A PDF that asks for a password of yours, or carries a signature that shows whether it was changed."
        ),
        _("A PDF program of the last ten years."),
        _about(60),
    ),
    "to-phone": FormWords(
        "phone",
        "qr-code",
        _("From this screen to a phone"),
        _("Send to a phone"),
        _("Point the phone's camera at a code on this screen: the ticket opens there."),
        _("A phone with a camera and a connection."),
    ),
    "ics": FormWords(
        "more",
        "calendar-plus",
        _("Calendar entry"),
        _("Add to my calendar"),
        _("Day, time and place in your calendar, with a reminder. It is not a ticket."),
        _("Any calendar: Apple, Google, Outlook and others."),
        _about(1),
    ),
}

# What must be known of a form on this site, beside what it needs everywhere.
DEVELOPMENT_PASS: Final = _("Development certificate: iPhones will refuse this pass. Take another form.")

# The page's own words, for its script.
PROGRESS_WORDS: Final[Mapping[str, Promise]] = {
    "preparing": _("Your ticket is being prepared."),
    "soon": _("It takes a moment."),
    "about": _("About {seconds} seconds."),
    "place": pgettext_lazy("in a queue", "You are number {place} in the queue."),
    "started": _("The download has started. Nothing came? Press the button again."),
    "failed": _("That did not work. Your ticket is safe and stays the same: press the button again."),
    "offline": _(
        "There is no connection just now. Your ticket is safe and stays the same: press the button again when there is."
    ),
}
