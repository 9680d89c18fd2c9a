"""The puzzle in a form: there when it is called for, checked before anything else is looked at.

Browsers that a person trusts need none; the page does not know yet who will sign in, so it shows the puzzle to all and
its script solves it unasked.
"""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from tmam.accounts.adapters.altcha import AltchaPuzzles
from tmam.accounts.logins import person_of_login
from tmam.accounts.proof_of_work import is_called_for, use_solution
from tmam.accounts.trusted_browsers import is_trusted_browser

PUZZLES = AltchaPuzzles()


class WithPuzzle(forms.Form):
    """A form with a hidden field `puzzle` while puzzles are called for. It stands first, so its check does too."""

    puzzle_login_field = "email"

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # a form's own arguments
        now = timezone.now()
        if is_called_for(settings.TMAM, now):
            given = {"data-puzzle": PUZZLES.make(now), "autocomplete": "off"}
            self.fields["puzzle"] = forms.CharField(required=False, widget=forms.HiddenInput(attrs=given))
            self.order_fields(["puzzle"])

    def clean_puzzle(self) -> str:
        """Refuse the form without a solution. What was solved is used up, whatever comes after."""
        now = timezone.now()
        solution = str(self.cleaned_data["puzzle"])
        if not self._is_trusted() and not (solution and use_solution(PUZZLES, solution, now)):
            words = _(
                "Many wrong passwords are arriving just now, so each browser has to solve a small puzzle, and yours did not. Try again; it takes a second."
            )
            self.add_error(None, forms.ValidationError(words, code="puzzle"))
        return ""

    def _is_trusted(self) -> bool:
        from allauth.core import context

        person = person_of_login(str(self.data.get(self.puzzle_login_field, "")))
        return is_trusted_browser(context.request, person.pk if person else 0, timezone.now())
