"""The form of a ticket design."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tmam.catalog.change_design import LINE_CHARS, Design
from tmam.catalog.errors import LogoError
from tmam.catalog.logos import clean_logo
from tmam.catalog.ticket_designs import CodeKind, Paper
from tmam.platform.error_words import words_for
from tmam.platform.pictures import CleanPicture
from tmam.web.studio.design.colours import hue_of, picked_colour
from tmam.web.typed_fields import LineField

LINE: Final = "line_"
LABELS: Final = {"en": _("Your sentence, in English"), "es": _("Your sentence, in Spanish")}
CODES: Final = (
    (CodeKind.QR.value, _("QR code: read by every phone and scanner")),
    (CodeKind.AZTEC.value, _("Aztec: smaller, for scanners of trains and airlines")),
    (CodeKind.PDF417.value, _("PDF417: wide, for older laser scanners")),
)
PAPERS: Final = ((Paper.A4.value, _("A4")), (Paper.LETTER.value, _("US Letter")))


class DesignForm(forms.Form):
    """A design as it is tried out. `picture` is the uploaded logo, made harmless; `refused` why it was not taken."""

    use_required_attribute = False
    seen = forms.IntegerField(widget=forms.HiddenInput)
    colour = forms.CharField(
        label=_("Colour"),
        help_text=_("We take its tone, and make it as dark as white words on it need: 4.5 : 1 or more."),
        widget=forms.TextInput(attrs={"type": "color", "class": "input--colour"}),
        error_messages={"required": _("Choose a colour")},
    )
    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG or WebP, at most 2 MB and 4,000 pixels a side. It is printed on white."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    drop_logo = forms.BooleanField(label=_("Show no logo"), required=False)
    code = forms.ChoiceField(
        label=_("Code"),
        help_text=_("Choose what your scanners read. If you do not know, leave the QR code."),
        choices=CODES,
        widget=forms.RadioSelect,
    )
    shows_poster = forms.BooleanField(label=_("Show the event's poster on the ticket"), required=False)
    shows_reference_bars = forms.BooleanField(
        label=_("Show the booking reference as bars, too"),
        help_text=_("Code 128: hand scanners of a box office find the booking by it."),
        required=False,
    )
    paper = forms.ChoiceField(
        label=_("Paper"),
        help_text=_("What printed tickets are made for; buyers can choose the other."),
        choices=PAPERS,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, shown: Design, revision: int, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "seen": revision,
            "colour": picked_colour(shown.accent_hue),
            "code": shown.code,
            "shows_poster": shown.shows_poster,
            "shows_reference_bars": shown.shows_reference_bars,
            "paper": shown.paper,
            **{f"{LINE}{code}": words for code, words in shown.line.items()},
        }
        super().__init__(*args, **kwargs)
        self.shown = shown
        self.picture: CleanPicture | None = None
        self.refused: LogoError | None = None
        if not shown.logo:
            del self.fields["drop_logo"]
        for code, _name in settings.LANGUAGES:
            self.fields[f"{LINE}{code}"] = LineField(
                label=LABELS.get(code, code),
                help_text=_("Stands below the title, like “Thank you for 20 years with us”."),
                required=False,
                max_length=LINE_CHARS,
            )

    def clean_colour(self) -> int:
        """The hue of the colour. The one that was shown keeps its exact hue."""
        colour = str(self.cleaned_data["colour"]).lower()
        if colour == picked_colour(self.shown.accent_hue):
            return self.shown.accent_hue
        try:
            hue = hue_of(colour)
        except ValueError as error:
            raise ValidationError(_("Enter a colour like #1a5fb4")) from error
        if hue is None:
            raise ValidationError(_("Choose a colour: black, white and grey have no tone"))
        return hue

    def clean_logo(self) -> None:
        """Look at the uploaded file, if there is one."""
        upload = self.cleaned_data.get("logo")
        if upload is None:
            return
        try:
            self.picture = clean_logo(upload.read())
        except LogoError as refused:
            self.refused = refused
            words = words_for(refused, get_language() or "en")
            raise ValidationError(f"{words.title}. {words.summary}") from refused

    def design(self, logo: str) -> Design:
        """The design, once the form is valid; `logo` is the one to show unless it is dropped."""
        cleaned = self.cleaned_data
        line = {code: cleaned[f"{LINE}{code}"] for code, _name in settings.LANGUAGES}
        return Design(
            accent_hue=cleaned["colour"],
            code=cleaned["code"],
            logo="" if cleaned.get("drop_logo") and self.picture is None else logo,
            line={code: words for code, words in line.items() if words},
            shows_poster=cleaned["shows_poster"],
            shows_reference_bars=cleaned["shows_reference_bars"],
            paper=cleaned["paper"],
        )
