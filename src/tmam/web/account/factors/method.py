"""What a way to prove who one is must offer. One module of this package each, listed in `registry`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from django import forms
from django.http import HttpRequest, QueryDict

from tmam.accounts.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"


@dataclass(frozen=True)
class Asking:
    """Somebody is being asked to prove that they are `user`: at sign-in, or once more within a session."""

    request: HttpRequest
    user: User
    now: datetime
    is_step_up: bool


@dataclass(frozen=True)
class Proof:
    """They did. `kind` is `totp`, `webauthn`, `sms`, `recovery_codes`, `password` or `mailed_code`."""

    kind: str
    is_second_factor: bool = True
    authenticator_id: int | None = None


@dataclass(frozen=True)
class OverviewRow:
    """How one factor stands, for the security page. Links are (address, words)."""

    name: Words
    icon: str
    is_on: bool
    words: Words = ""
    since: datetime | None = None
    last_used_at: datetime | None = None
    warning: Words = ""
    links: tuple[tuple[str, Words], ...] = ()
    is_recommended: bool = False


class ProofMethod(Protocol):
    """A way to prove. It counts no guesses and records nothing: `prove` does, alike for all."""

    @property
    def key(self) -> str:
        """Its short name, in addresses (`?with=app`)."""

    @property
    def other_way(self) -> Words:
        """The link that leads to it: "Use the authenticator app"."""

    @property
    def template(self) -> str:
        """What stands between the page's heading and the other ways; has `form`, `method` and what `begin` gives."""

    @property
    def can_be_guessed(self) -> bool:
        """Whether tries are counted (anything short enough to be typed)."""

    def is_had_by(self, user: User) -> bool:
        """Whether this person can use it."""

    def begin(self, asking: Asking, *, again: bool = False) -> dict[str, Any]:
        """Before its form is shown: make a challenge, send a code. `again`: the person asked for a new one."""

    def form(self, data: QueryDict | None = None) -> forms.Form:
        """Its form, empty or filled; validation looks at the shape only."""

    def check(self, asking: Asking, form: forms.Form) -> Proof | None:
        """Judge a valid form and use up what may be used once only; None: wrong."""

    def wrong_words(self) -> Words:
        """What to say when it was wrong."""


@dataclass
class CodeField:
    """How the one field of a code form looks."""

    label: Words
    hint: Words = ""
    attrs: dict[str, str] = field(default_factory=dict)


class ForgetfulInput(forms.TextInput):
    """Comes back empty after a wrong code: nobody needs that one again, and it is not for other eyes."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The widget's values, without what was typed."""
        del value
        return super().get_context(name, None, attrs)


class CodeForm(forms.Form):
    """One code to type."""

    code = forms.CharField(max_length=40, widget=ForgetfulInput)

    def __init__(self, data: QueryDict | None, look: CodeField) -> None:
        super().__init__(data)
        code = self.fields["code"]
        code.label = look.label
        code.help_text = str(look.hint)
        code.widget.attrs.update(
            {"autocomplete": "one-time-code", "autocapitalize": "none", "class": "code-input"} | look.attrs
        )


NUMERIC = {"inputmode": "numeric", "maxlength": "20"}
