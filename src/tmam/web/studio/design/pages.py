"""`/studio/…/design/`: how tickets look. Try it out, see it as it will be drawn, publish, undo."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import Final

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tmam.catalog.change_date import Who
from tmam.catalog.change_design import Design, Look, change_design, keep_logo
from tmam.catalog.models import Event
from tmam.delivery.compose_face import venue_address
from tmam.delivery.faces import TicketFace
from tmam.delivery.pdf import render_pdf
from tmam.delivery.png import render_png
from tmam.delivery.sample import sample_face
from tmam.fulfilment.themes import theme_from
from tmam.kernel.texts import in_language
from tmam.platform.errors import TooManyRequestsError
from tmam.web.posters import poster_svg
from tmam.web.problems import help_path
from tmam.web.studio.design.colours import least_contrast
from tmam.web.studio.design.forms import DesignForm
from tmam.web.studio.design.targets import (
    Target,
    design_page,
    draft_of,
    keep_draft,
    last_change,
    remember,
)

INVALID: Final = 422
LOGOS_AGAIN_S: Final = 300


@design_page("GET", "POST")
def design(request: HttpRequest, target: Target) -> HttpResponse:
    """The form with its preview. POST `do`: see, publish, discard; for an event also follow (its organizer's).

    Raises:
        DesignChangedSinceError: somebody else published a design after this page was shown.
        BusyError: other pictures are being looked at.
        TooManyRequestsError: this organizer has uploaded twenty logos in ten minutes.
    """
    look, draft = target.look(), draft_of(request, target)
    shown = draft or look.design
    do = request.POST.get("do", "see")
    if request.method == "POST" and do == "discard":
        keep_draft(request, target, None)
        return redirect(target.path())
    if request.method == "POST" and do == "follow" and target.event is not None:
        _publish(request, target, look, None, look.revision)
        return redirect(target.path())
    if request.FILES.get("logo") and not ratelimit.consume(
        request, action="upload_logo", key=str(target.organizer.pk)
    ):
        raise TooManyRequestsError(retry_after_s=LOGOS_AGAIN_S)
    form = DesignForm(
        request.POST or None,
        request.FILES if request.method == "POST" else None,
        shown=shown,
        revision=look.revision,
    )
    if request.method != "POST":
        return _show(request, target, look, form)
    if not form.is_valid():
        return _show(request, target, look, form, INVALID)
    logo = shown.logo
    if form.picture is not None:
        picture = form.picture
        logo = keep_logo(target.organizer, picture.png, (picture.width, picture.height), timezone.now())
    wanted = form.design(logo)
    keep_draft(request, target, wanted)  # should publishing be refused, nothing is lost
    if do == "publish":
        _publish(request, target, look, wanted, form.cleaned_data["seen"])
    return redirect(f"{target.path()}#preview" if do != "publish" else target.path())


@design_page("GET")
def preview_png(request: HttpRequest, target: Target) -> HttpResponse:
    """A sample ticket for phones in the design that is tried out, else the one that counts.

    Raises:
        RenderBusyError, RenderFailedError: see `delivery.png`.
    """
    return HttpResponse(render_png(_sample(request, target)), content_type="image/png")


@design_page("GET")
def preview_pdf(request: HttpRequest, target: Target) -> HttpResponse:
    """The same on paper.

    Raises:
        RenderBusyError, RenderFailedError: see `delivery.pdf`.
    """
    return HttpResponse(render_pdf([_sample(request, target)]), content_type="application/pdf")


@design_page("POST")
def take_back(request: HttpRequest, target: Target) -> HttpResponse:
    """Undo what this person published last.

    Raises:
        DesignChangedSinceError: somebody else has changed it since.
    """
    kept = last_change(request, target)
    if kept is not None:
        before = Design(**kept["before"]) if kept["before"] else None
        change_design(target.organizer, target.event, before, _who(request), seen=kept["revision"])
        del request.session["design_undo"]
        keep_draft(request, target, None)
    return redirect(target.path())


def _publish(request: HttpRequest, target: Target, look: Look, wanted: Design | None, seen: int) -> None:
    change_design(target.organizer, target.event, wanted, _who(request), seen=seen)
    keep_draft(request, target, None)
    # An organizer always has a design, be it the one of nobody's choosing.
    before = look.design if target.event is None or look.is_own else None
    if before == wanted:
        return

    def say() -> str:
        if wanted is None:
            return _("This event goes by its organizer's design again.")
        return _("Published: tickets that are opened or downloaded from now on look like this.")

    fresh = Target(target.organizer, target.event)
    remember(request, target, before, fresh.look().revision, say)


def _show(
    request: HttpRequest, target: Target, look: Look, form: DesignForm, status: int = 200
) -> HttpResponse:
    language = (get_language() or "en").partition("-")[0]
    context = {
        "target": target,
        "organizer": target.organizer,
        "event": target.event,
        "form": form,
        "is_own": look.is_own,
        "is_draft": draft_of(request, target) is not None,
        "has_logo": bool(form.shown.logo),
        "contrast": round(least_contrast(form.shown.accent_hue), 1),
        "version": hashlib.sha256(json.dumps(asdict(form.shown)).encode()).hexdigest()[:12],
        "png": target.path("-png"),
        "pdf": target.path("-pdf"),
        "undo": target.path("-undo"),
        "last_change": last_change(request, target),
        "code": form.refused.code if form.refused else "",
        "help_path": help_path(form.refused.code, language) if form.refused else "",
    }
    return render(request, "studio/design/design.html", context, status=status)


def _sample(request: HttpRequest, target: Target) -> TicketFace:
    """A ticket that admits nobody, with what is known of the event."""
    language = (get_language() or "en").partition("-")[0]
    shown = draft_of(request, target) or target.look().design
    face = replace(
        sample_face(language),
        organizer_name=target.organizer.name,
        theme=theme_from(shown, target.organizer.pk, language),
    )
    event = target.event or Event.objects.filter(organizer=target.organizer).order_by("-id").first()
    if event is not None:
        drawn = poster_svg(event.poster_seed, event.kind, event.slug, shown.accent_hue)
        face = replace(face, poster_svg=drawn.encode())
    if target.event is not None:
        venue = target.event.venue
        face = replace(
            face,
            event_title=in_language(target.event.title, language),
            venue_name=venue.name,
            venue_address=venue_address(venue),
        )
    return face


def _who(request: HttpRequest) -> Who:
    return Who(f"user:{request.user.pk}", timezone.now(), str(request.META.get("tmam.request_id", "")))
