"""The Apple passes of an order's tickets: gathered, written and signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.conf import settings

from tmam.catalog.models import Event
from tmam.delivery.apple.certificates import PassCertificate
from tmam.delivery.apple.compose_facts import compose_pass_facts
from tmam.delivery.apple.document import pass_texts
from tmam.delivery.apple.facts import PassIdentity
from tmam.delivery.apple.images import pass_images
from tmam.delivery.apple.layout import style_of
from tmam.delivery.apple.package import PKPASS_MEDIA_TYPE, PKPASSES_MEDIA_TYPE, build_bundle, build_pass
from tmam.delivery.apple.site_certificate import apple_certificate
from tmam.delivery.compose_face import compose_face
from tmam.delivery.themes import TicketTheme
from tmam.fulfilment.apple.held import admits, first_generation, ticket_changes
from tmam.fulfilment.apple.numbers import PassNumber, pass_number, update_secret
from tmam.fulfilment.errors import AppleNotSetUpError
from tmam.fulfilment.files import TicketFile
from tmam.fulfilment.order_files import tokens_of
from tmam.fulfilment.themes import theme_of
from tmam.orders.order_summary import OrderSummary, TicketLine
from tmam.tickets.errors import TicketBoundError

SERVICE_PATH: Final = "/wallets/apple/"


def passes_file(
    order: OrderSummary, lines: Sequence[TicketLine], *, language: str, poster_svg: bytes | None
) -> TicketFile:
    """One ticket as `.pkpass`, several as `.pkpasses`; the same order gives the same bytes until it changes.

    Raises:
        AppleNotSetUpError: there is no certificate.
        TooManyTicketsError: more than 20 tickets.
        TicketBoundError: only devices can show these tickets.
    """
    certificate = _certificate()
    shown = [line for line in lines if admits(line.ticket)]
    if not shown:
        raise TicketBoundError(lines[0].ticket.serial)
    tokens = tokens_of(order)
    themes = _themes(order.event)
    changes = ticket_changes(order.event.id, (line.ticket.serial for line in shown))
    passes = []
    for line in shown:
        ticket = line.ticket
        of = PassNumber(ticket.event_id, ticket.serial, first_generation(ticket, changes))
        passes.append(
            _signed(
                order,
                line,
                of,
                certificate=certificate,
                language=language,
                poster_svg=poster_svg,
                token=tokens[ticket.serial],
                themes=themes,
            )
        )
    reference = order.order.booking_reference
    if len(passes) == 1:
        name = f"tmam-{reference}-{shown[0].ticket.serial}.pkpass"
        return TicketFile(name, passes[0], PKPASS_MEDIA_TYPE)
    return TicketFile(f"tmam-{reference}.pkpasses", build_bundle(passes), PKPASSES_MEDIA_TYPE)


def renewed_pass(
    order: OrderSummary, line: TicketLine, of: PassNumber, *, is_held: bool, poster_svg: bytes | None
) -> bytes:
    """The pass of that number as it is now, in the language it was bought in; void for who no longer holds the ticket.

    Raises:
        AppleNotSetUpError: there is no certificate any more.
    """
    token = tokens_of(order)[line.ticket.serial] if is_held and admits(line.ticket) else ""
    return _signed(
        order,
        line,
        of,
        certificate=_certificate(),
        language=order.order.language,
        poster_svg=poster_svg,
        token=token,
        themes=_themes(order.event),
    )


def _certificate() -> PassCertificate:
    certificate = apple_certificate()
    if certificate is None:
        raise AppleNotSetUpError
    return certificate


def _themes(event: Event) -> dict[str, TicketTheme]:
    """The theme by language: one file's passes share it."""
    return {code: theme_of(event, code) for code, _ in settings.LANGUAGES}


def _signed(
    order: OrderSummary,
    line: TicketLine,
    of: PassNumber,
    *,
    certificate: PassCertificate,
    language: str,
    poster_svg: bytes | None,
    token: str,
    themes: Mapping[str, TicketTheme],
) -> bytes:
    """A pass; one without a token, or for a date that does not take place, is void."""
    is_void = not token or line.date.is_cancelled
    event, ticket = order.event, line.ticket
    main = language.partition("-")[0]
    main = main if main in themes else settings.LANGUAGE_CODE
    faces = {
        code: compose_face(
            event=event,
            date=line.date,
            ticket_type=line.ticket_type,
            ticket=ticket,
            token=token,
            language=code,
            theme=themes[code],
        )
        for code in themes
    }
    facts = compose_pass_facts(
        event=event,
        date=line.date,
        ticket=ticket,
        language=main,
        order_url=f"{settings.SITE_ORIGIN}/me/orders/{ticket.booking_reference}/",
        tickets_url=f"{settings.SITE_ORIGIN}/me/tickets/",
        event_url=f"{settings.SITE_ORIGIN}/{main}/e/{event.id}-{event.slug}/",
    )
    number = pass_number(settings.SECRET_KEY, of)
    identity = PassIdentity(
        pass_type=certificate.pass_type,
        team=certificate.team,
        number=number,
        service_url=f"{settings.SITE_ORIGIN}{SERVICE_PATH}",
        secret=update_secret(settings.SECRET_KEY, number),
    )
    theme = themes[main]
    images = pass_images(
        style_of(facts), theme.accent_hue, poster_svg if theme.shows_poster else None, theme.logo
    )
    texts = pass_texts(faces, facts, identity, language=main, is_void=is_void)
    return build_pass(texts, images, certificate.signer, ticket.issued_at)
