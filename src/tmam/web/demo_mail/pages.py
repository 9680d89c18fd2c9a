"""`/demo/mail/`: what the program mailed, shown instead of sent, so that a first try needs no mail server.

Only in the modes `demo` and `test`, and only while mail goes to the folder. On the loopback address anybody at
the machine may read it; when the local network is served too, only a signed-in member of a team may, because
these mails hold links that open tickets.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from tmam.notifications.mail_folder import KeptMail, find_mail, newest_mails
from tmam.notifications.transports import mail_folder
from tmam.organizers.permissions import Action, organizers_where
from tmam.platform.errors import ForbiddenError, NotFoundError

# The HTML part is shown as a mail program would: own styles, no scripts, no forms, no pictures from outside;
# links open in a page of their own.
MAIL_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
LINK = re.compile(r"https?://[^\s<>]+")
View = Callable[..., HttpResponse]


def for_the_demo(setting: str, kept_here: str) -> Callable[[View], View]:
    """Let a view answer only where what was sent may be looked into, while `setting` says that it is kept here."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
            tmam = settings.TMAM
            if tmam.mode == "production" or not getattr(tmam, setting).startswith(kept_here):
                raise NotFoundError
            if not tmam.is_loopback:
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                if not _is_in_charge(request):
                    raise ForbiddenError
            response = view(request, *args, **kwargs)
            response.headers["Referrer-Policy"] = "no-referrer"
            return response

        return guarded

    return decorate


_post_office = for_the_demo("mail_url", "folder:")


@require_safe
@never_cache
@_post_office
def mail_list(request: HttpRequest) -> HttpResponse:
    """All mails, newest first."""
    return render(request, "demo/mail_list.html", {"mails": newest_mails(mail_folder(settings.TMAM.state))})


@require_safe
@never_cache
@_post_office
def mail_page(request: HttpRequest, key: str) -> HttpResponse:
    """One mail: its head, its plain part with links that work, its files."""
    mail = _mail(key)
    return render(request, "demo/mail.html", {"mail": mail, "plain": _with_links(mail.plain)})


@require_safe
@never_cache
@xframe_options_exempt
@_post_office
def mail_html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML part as a mail program shows it, in a sandbox."""
    del request
    response = HttpResponse(_mail(key).html)
    response.headers["Content-Security-Policy"] = MAIL_CSP
    return response


@require_safe
@never_cache
@_post_office
def mail_attachment(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One file of a mail, counted from 1; always saved, never shown in our origin."""
    del request
    attachments = _mail(key).attachments
    if not 1 <= number <= len(attachments):
        raise NotFoundError
    attachment = attachments[number - 1]
    response = HttpResponse(attachment.content, content_type=attachment.media_type)
    name = re.sub(r"[^A-Za-z0-9._-]", "-", attachment.name)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _is_in_charge(request: HttpRequest) -> bool:
    if getattr(request.user, "is_staff", False):
        return True
    return organizers_where(request.user, Action.SEE_STUDIO).exists()


def _mail(key: str) -> KeptMail:
    mail = find_mail(mail_folder(settings.TMAM.state), key)
    if mail is None:
        raise NotFoundError
    return mail


def _with_links(plain: str) -> SafeString:
    """The text with its addresses made links; everything else is escaped."""
    pieces: list[tuple[SafeString | str]] = []
    end = 0
    for match in LINK.finditer(plain):
        pieces.append((plain[end : match.start()],))
        pieces.append((format_html('<a href="{0}">{0}</a>', match.group()),))
        end = match.end()
    pieces.append((plain[end:],))
    return format_html_join("", "{}", pieces)
