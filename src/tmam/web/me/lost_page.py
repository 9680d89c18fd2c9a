"""Getting the mail with the links to one's tickets again."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tmam.notifications.queue_mail import queue_lost_tickets_mail
from tmam.web.account.guarding import count_from_network
from tmam.web.account.puzzle import WithPuzzle

LOST_SENT = "lost_mail_sent_to"


class LostForm(WithPuzzle):
    """Which address were the tickets bought with?"""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The one you bought with."),
        max_length=254,
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none"}
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def lost_page(request: HttpRequest) -> HttpResponse:
    """Send an address its links again; the answer is the same for every address in the world."""
    if request.method != "POST":
        return render(request, "me/lost.html", {"form": LostForm()})
    form = LostForm(request.POST)
    if not form.is_valid():
        return render(request, "me/lost.html", {"form": form}, status=422)
    count_from_network(request)
    queue_lost_tickets_mail(
        email=form.cleaned_data["email"], language=get_language() or "en", now=timezone.now()
    )
    request.session[LOST_SENT] = form.cleaned_data["email"]
    return redirect("me_lost_sent")


@require_safe
@never_cache
def lost_sent_page(request: HttpRequest) -> HttpResponse:
    """What happens next, whoever asked."""
    return render(request, "me/lost_sent.html", {"email": request.session.get(LOST_SENT, "")})
