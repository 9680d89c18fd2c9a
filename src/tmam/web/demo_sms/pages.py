"""`/demo/sms/`: the text messages that the outbox kept instead of sending, shown where the pretend mail is shown too."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.accounts.sms.numbers import readable
from tmam.accounts.sms.outbox import newest_messages, outbox_folder
from tmam.web.demo_mail.pages import for_the_demo


@require_safe
@never_cache
@for_the_demo("sms_url", "outbox:")
def sms_list(request: HttpRequest) -> HttpResponse:
    """All messages, newest first."""
    kept = newest_messages(outbox_folder(settings.TMAM.state))
    messages = [(readable(each.to), each.text, each.at) for each in kept]
    return render(request, "demo/sms_list.html", {"sms": messages})
