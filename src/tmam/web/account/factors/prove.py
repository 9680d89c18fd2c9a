"""One attempt to prove who one is: takes a guess, asks the method, writes down how it went. For sign-in and step-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, record_authentication
from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode

from tmam.accounts.errors import TooManyCodesError
from tmam.accounts.guesses import Guess, GuessScope, claim_guess, forget_guesses, paused_until
from tmam.accounts.happenings import Happening
from tmam.accounts.security_log import record, visit_of
from tmam.web.account.factors.guess_scope import guess_scope
from tmam.web.account.factors.method import Asking, Proof, ProofMethod

WITH = "with"
# A session remembers so many proofs; only the last minutes matter.
MOST_PROOFS = 20


@dataclass
class Attempt:
    """How an attempt went: a `proof`, or a `form` to show again. `free_at`: no code is looked at before."""

    form: forms.Form
    proof: Proof | None = None
    free_at: datetime | None = None


@dataclass(frozen=True)
class ProofPage:
    """What differs between sign-in and step-up: the template, the address of each way, and what to carry along."""

    template: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)

    def address(self, method: ProofMethod) -> str:
        """Where the form of a way is."""
        return f"{self.path}?{urlencode({**self.query, WITH: method.key})}"


def chosen_method(request: HttpRequest, methods: Sequence[ProofMethod]) -> ProofMethod:
    """The way named in the address if the person has it, else the strongest."""
    wanted = request.GET.get(WITH, "")
    return next((method for method in methods if method.key == wanted), methods[0])


def try_to_prove(asking: Asking, method: ProofMethod, data: QueryDict) -> Attempt:
    """Judge what was sent. A right proof is noted in the session, so that step-up knows of it."""
    attempt = Attempt(method.form(data))
    if not attempt.form.is_valid():
        return attempt
    scope = guess_scope(asking)
    guess: Guess | None = None
    if method.can_be_guessed:
        try:
            guess = claim_guess(asking.user.pk, scope, now=asking.now)
        except TooManyCodesError as refusal:
            attempt.free_at = refusal.free_at
            return attempt
    attempt.proof = method.check(asking, attempt.form)
    if attempt.proof is not None:
        if guess is not None:
            forget_guesses(asking.user.pk, scope)
        note_proof(asking, attempt.proof)
    else:
        attempt.form.add_error(next(iter(attempt.form.fields)), str(method.wrong_words()))
        if guess is not None and guess.pauses_until is not None:
            attempt.free_at = guess.pauses_until
            _tell_of_pause(asking, scope, guess.pauses_until)
    return attempt


def note_proof(asking: Asking, proof: Proof) -> None:
    """Let step-up know. Also for who sets a factor up: they have just shown that they have it."""
    record_authentication(
        asking.request,
        asking.user,
        method="mfa" if proof.is_second_factor else proof.kind,
        type=proof.kind,
        id=proof.authenticator_id,
        reauthenticated=True,
    )
    proofs = asking.request.session[AUTHENTICATION_METHODS_SESSION_KEY]
    asking.request.session[AUTHENTICATION_METHODS_SESSION_KEY] = proofs[-MOST_PROOFS:]
    if asking.is_step_up:
        record(
            asking.user.pk,
            Happening.PROVEN_AGAIN,
            now=asking.now,
            visit=visit_of(asking.request),
            details={"kind": proof.kind},
        )


def show_proof_page(
    asking: Asking,
    page: ProofPage,
    methods: Sequence[ProofMethod],
    method: ProofMethod,
    attempt: Attempt | None = None,
) -> HttpResponse:
    """The form of one way, with the other ways a link away; during a pause, only what cannot be guessed."""
    free_at = attempt.free_at if attempt else None
    if free_at is None and method.can_be_guessed:
        free_at = paused_until(asking.user.pk, guess_scope(asking), now=asking.now)
    context = {
        **page.context,
        **({} if free_at else method.begin(asking)),
        "form": attempt.form if attempt else method.form(),
        "method": method,
        "action": page.address(method),
        "others": [
            (page.address(each), each.other_way)
            for each in methods
            if each is not method and not (free_at and each.can_be_guessed)
        ],
        "free_at": free_at,
        "code": TooManyCodesError.code if free_at else "",
    }
    response = render(asking.request, page.template, context, status=429 if free_at else 200)
    add_never_cache_headers(response)
    return response


def _tell_of_pause(asking: Asking, scope: GuessScope, until: datetime) -> None:
    record(
        asking.user.pk,
        Happening.CODES_PAUSED,
        now=asking.now,
        visit=visit_of(asking.request),
        details={"until": until.isoformat(), "scope": scope},
    )
