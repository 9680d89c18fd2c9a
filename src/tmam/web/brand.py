"""An organizer's accent: one hue becomes the five accent colours of the style sheet, in light and dark.

Hues differ in how light they look, so the lightness moves until the contrasts hold; chroma follows the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tmam.catalog.change_design import published_logo
from tmam.delivery.google.logo import circle_logo
from tmam.kernel.colour import Oklch, contrast, showable
from tmam.organizers.models import Organizer
from tmam.platform.errors import NotFoundError
from tmam.web.public import FIVE_MINUTES, FOREVER, public_page

Theme = Literal["light", "dark"]
# The neutrals of tmam.css that accents stand on or under; a test keeps the two alike.
PAPER: dict[Theme, Oklch] = {"light": Oklch(0.984, 0.005, 80), "dark": Oklch(0.195, 0.006, 65)}
SURFACE: dict[Theme, Oklch] = {"light": Oklch(0.998, 0.001, 80), "dark": Oklch(0.235, 0.007, 65)}
SUNKEN: dict[Theme, Oklch] = {"light": Oklch(0.958, 0.008, 80), "dark": Oklch(0.165, 0.006, 65)}
TEXT_CONTRAST = 4.6  # a hair above the 4.5 asked, for the rounding in browsers
STEP = 0.005
SHA256_DIGITS = 64


@dataclass(frozen=True)
class Accent:
    """The five accent colours of one theme, named as in the style sheet."""

    accent: Oklch
    accent_deep: Oklch
    accent_text: Oklch
    accent_soft: Oklch
    on_accent: Oklch

    def css(self) -> str:
        """The custom properties, one a line."""
        return " ".join(
            f"--{name.replace('_', '-')}: {getattr(self, name).css()};" for name in self.__dataclass_fields__
        )


def accent_for(hue: int, theme: Theme) -> Accent:
    """The accent of a hue (degrees, any whole number): words on it and of it have a contrast of at least 4.5."""
    hue %= 360
    if theme == "light":
        on_accent, start, deeper, towards = SURFACE["light"], Oklch(0.5, 0.21, hue), -0.07, -STEP
        soft = showable(Oklch(0.955, 0.022, hue))
    else:
        on_accent, start, deeper, towards = Oklch(0.18, 0.03, hue), Oklch(0.74, 0.13, hue), 0.06, STEP
        soft = showable(Oklch(0.29, 0.05, hue))
    grounds = (PAPER[theme], SURFACE[theme], SUNKEN[theme], soft)
    accent = _moved(start, (on_accent,), towards)
    return Accent(
        accent=accent,
        accent_deep=showable(accent._replace(lightness=accent.lightness + deeper)),
        accent_text=_moved(accent, grounds, towards),
        accent_soft=soft,
        on_accent=on_accent,
    )


def brand_css(hue: int) -> str:
    """The style sheet of an organizer's pages: the accent in both themes, over that of tmam.css."""
    light, dark = accent_for(hue, "light").css(), accent_for(hue, "dark").css()
    return f"@layer tokens {{\n:root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n}}\n"


@public_page
def brand_view(request: HttpRequest, organizer_id: int) -> HttpResponse:
    """`/brand/{organizer_id}.css`, kept forever when the address carries `?v=`."""
    hue = Organizer.objects.filter(pk=organizer_id).values_list("accent_hue", flat=True).first()
    if hue is None:
        raise NotFoundError
    cache = FOREVER if request.GET.get("v") == str(hue) else FIVE_MINUTES
    return HttpResponse(
        brand_css(hue), content_type="text/css; charset=utf-8", headers={"Cache-Control": cache}
    )


@require_safe
def logo_view(request: HttpRequest, organizer_id: int, sha256: str) -> HttpResponse:
    """`/brand/{organizer_id}/logo-{sha256}.png`: an organizer's published logo in a circle, for passes in Google Wallet.

    Raises:
        NotFoundError: no such logo, none that a design uses, or none that can be drawn.
    """
    del request
    logo = published_logo(organizer_id, sha256[:SHA256_DIGITS])
    drawn = circle_logo(bytes(logo.png)) if logo else None
    if drawn is None:
        raise NotFoundError
    return HttpResponse(drawn, content_type="image/png", headers={"Cache-Control": FOREVER})


def _moved(colour: Oklch, against: tuple[Oklch, ...], step: float) -> Oklch:
    """The colour, lightened or darkened in steps until it stands out from all the others."""
    while True:
        candidate = showable(colour)
        if (
            all(contrast(candidate, other) >= TEXT_CONTRAST for other in against)
            or not 0 < colour.lightness < 1
        ):
            return candidate
        colour = colour._replace(lightness=round(colour.lightness + step, 4))
