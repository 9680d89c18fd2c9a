"""`/me/orders/<reference>/protect/`: the tickets as a PDF that asks for a password, that is signed, or both.

The page is a form because of the password: it travels in the body of a POST, is used once and is kept nowhere.
"""

from __future__ import annotations

from typing import Any, Final

import structlog
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tmam.accounts.errors import TicketsNotShownError
from tmam.delivery.errors import PasswordNotUsableError
from tmam.delivery.pdf_certificate import signs_with_self_made
from tmam.delivery.protected_pdf import LONGEST_BYTES, normalized, usable_password
from tmam.fulfilment.errors import LiveCodeOnlyError
from tmam.fulfilment.files import TicketFile
from tmam.fulfilment.order_files import tickets_pdf
from tmam.fulfilment.protect_files import ProtectionWish, protected_file
from tmam.fulfilment.record_downloads import record_downloads
from tmam.orders.order_summary import OrderSummary, summarize_order
from tmam.platform.slots import Slots
from tmam.platform.statements import run_verb
from tmam.web.account.guarding import count_file
from tmam.web.me.access import visible_order
from tmam.web.me.decoration import poster_of
from tmam.web.me.offered_forms import loose_lines

log = structlog.get_logger("tmam.files")

# Each holds one of the product server's few threads: two are made at once, two may stand for a moment.
_MAKING: Final = Slots(2, most_waiting=2, longest_wait_s=2.0, retry_after_s=5)
PASSWORD, SIGNED, BOTH = "password", "signed", "both"
_KINDS: Final = [
    (PASSWORD, _("With a password: nobody opens the file without it")),
    (SIGNED, _("Signed: anybody can check that the file is ours and unchanged")),
    (BOTH, _("Both")),
]
_REASONS: Final = {
    "short": _("The password needs at least %(limit)d characters."),
    "long": _("The password is too long. %(limit)d letters without accents are the most."),
    "characters": _("The password has characters that not every keyboard can type. Leave them out."),
}


class ProtectForm(forms.Form):
    """What the file is protected by. The passwords are never sent back to the page."""

    use_required_attribute = False  # a signed file needs no password

    kind = forms.ChoiceField(
        label=_("How do you want to protect it?"), choices=_KINDS, widget=forms.RadioSelect, initial=PASSWORD
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_(
            "At least 8 characters. We do not keep it: without it, nobody opens the file, not even we."
        ),
        max_length=LONGEST_BYTES,
        strip=False,
        error_messages={"required": _("Type a password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        max_length=LONGEST_BYTES,
        strip=False,
        error_messages={"required": _("Type the password here, too.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        if data is not None and data.get("kind") == SIGNED:
            self.fields["password"].required = self.fields["again"].required = False

    def clean(self) -> dict[str, Any]:
        """The password, if one is wanted, as the file will know it."""
        given = super().clean() or {}
        if given.get("kind") not in {PASSWORD, BOTH} or self.errors:
            return given
        try:
            given["password"] = usable_password(given.get("password", ""))
        except PasswordNotUsableError as error:
            self.add_error("password", _REASONS[error.reason] % {"limit": error.limit})
            return given
        if given["password"] != normalized(given.get("again", "")):
            self.add_error("again", _("The two are not the same. Type the password once more."))
        return given


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def protect_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask how to protect the tickets; POST answers with the file.

    Raises:
        TicketsNotShownError: see `visible_order`; or no ticket admits anybody any more.
        RenderBusyError, RenderFailedError, TooManyTicketsError, CertificateNotUsableError: the file cannot be made.
        BusyError: two files are being made, in this process, and others wait already or were for two seconds.
        TooManyRequestsError: this booking had `lockout.FILES_OF_A_BOOKING` files in this minute.
        LiveCodeOnlyError: the event's doors admit no paper.
        TicketBoundError: every ticket lives in a phone and has no code for paper.
    """
    order = summarize_order(visible_order(request, reference))
    if not order.valid_lines:
        raise TicketsNotShownError
    if order.event.live_codes_only:
        raise LiveCodeOnlyError(form="protected")
    if request.method != "POST" and not loose_lines(order):
        context = {"summary": order, "reference": order.order.booking_reference, "are_all_in_phone": True}
        return render(request, "me/protect.html", context)
    form = ProtectForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        context = {
            "summary": order,
            "form": form,
            "reference": order.order.booking_reference,
            "is_self_made": signs_with_self_made(settings.TMAM),
        }
        return render(request, "me/protect.html", context, status=422 if form.is_bound else 200)
    # Such a file is made anew each time and kept nowhere: a second of work that nobody needs often.
    count_file(order.order.id)
    kind = form.cleaned_data["kind"]
    wish = ProtectionWish(
        password=None if kind == SIGNED else form.cleaned_data["password"], signed=kind in {SIGNED, BOTH}
    )
    with _MAKING.one():
        return _download(_made(order, wish))


def _made(order: OrderSummary, wish: ProtectionWish) -> TicketFile:
    now = timezone.now()
    lines = loose_lines(order) or order.valid_lines
    plain = tickets_pdf(order, lines, language=get_language() or "en", poster_svg=poster_of(order.event))
    made = protected_file(plain, wish, now)
    serials = [line.ticket.serial for line in lines]
    run_verb(record_downloads(order.event.id, serials, wish.form, now))
    return made


def _download(file: TicketFile) -> HttpResponse:
    response = HttpResponse(file.content, content_type=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    patch_cache_control(response, private=True, no_store=True)
    return response
