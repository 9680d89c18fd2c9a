"""Pushes to phones by Apple's service (APNs): HTTP/2, the pass certificate as our proof, an empty message.

`POST /3/device/<push token>` with `apns-topic: <pass type>` and `{}`; the phone then asks us what changed. Answers:
Apple, "Handling notification responses from APNs" (410, and 400 with BadDeviceToken: that phone is gone).
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from types import TracebackType
from typing import Final, Self

import httpx
import structlog
from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q

from tmam.delivery.apple.certificates import PassCertificate
from tmam.delivery.apple.site_certificate import apple_certificate
from tmam.fulfilment.apple.models import AppleChange, AppleRegistration

APPLE_PUSH: Final = "https://api.push.apple.com"
# Streams of one connection at a time; Apple allows about a thousand.
AT_ONCE: Final = 50
TOKENS_AT_A_TIME: Final = 1_000
PATIENCE_S: Final = 20.0
# How long Apple keeps the push for a phone that is off.
KEPT_S: Final = 2 * 24 * 3600
_DEAD: Final = frozenset(("BadDeviceToken", "DeviceTokenNotForTopic", "Unregistered", "ExpiredToken"))
_BUSY: Final = frozenset((429, 500, 502, 503, 504))

log = structlog.get_logger("tmam.apple")


def push_url() -> str:
    """Where pushes go; empty for nowhere: no push service of the world knows a self-made certificate."""
    if settings.TMAM.apple_push_url:
        return str(settings.TMAM.apple_push_url).rstrip("/")
    certificate = apple_certificate()
    return "" if certificate is None or certificate.is_development else APPLE_PUSH


class Answer(Enum):
    """What became of one push."""

    TOLD = "told"
    DEAD = "dead"
    LATER = "later"
    REFUSED = "refused"  # something is wrong with us; repeating it the same way would not help


@dataclass
class Outcome:
    """How many phones were told, are gone, and must be told later."""

    told: int = 0
    dead: int = 0
    later: int = 0


@dataclass
class PushService:
    """A connection to Apple's push service, or to another one at `url`. Used as a context manager."""

    url: str
    certificate: PassCertificate
    _runner: asyncio.Runner = field(default_factory=asyncio.Runner, repr=False)
    _client: httpx.AsyncClient | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        context = ssl.create_default_context()
        context.set_alpn_protocols(["h2"])
        # OpenSSL reads certificates from files only; this one is ours alone and gone at once.
        with tempfile.NamedTemporaryFile(prefix="tmam-apple-", suffix=".pem") as file:
            file.write(self.certificate.pem)
            file.flush()
            context.load_cert_chain(file.name)
        self._client = httpx.AsyncClient(
            http1=False, http2=True, verify=context, timeout=PATIENCE_S, trust_env=False
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            with contextlib.suppress(httpx.HTTPError, OSError):
                self._runner.run(self._client.aclose())
        self._runner.close()

    def push(self, tokens: Sequence[str], now: datetime) -> dict[str, tuple[Answer, datetime | None]]:
        """Tell phones, at most `AT_ONCE` at a time: the answer for each, and since when a dead one is dead.

        After three answers in a row that say "busy", the rest is left for later.
        """
        return self._runner.run(self._push(tokens, now))

    async def _push(self, tokens: Sequence[str], now: datetime) -> dict[str, tuple[Answer, datetime | None]]:
        slots = asyncio.Semaphore(AT_ONCE)
        answers: dict[str, tuple[Answer, datetime | None]] = {}
        patience = _Patience()

        async def tell(token: str) -> None:
            async with slots:
                answers[token] = (Answer.LATER, None) if patience.is_over else await self._tell(token, now)
                patience.saw(answers[token][0])

        await asyncio.gather(*(tell(token) for token in tokens))
        return answers

    async def _tell(self, token: str, now: datetime) -> tuple[Answer, datetime | None]:
        headers = {
            "apns-topic": self.certificate.pass_type,
            "apns-expiration": str(int(now.timestamp()) + KEPT_S),
            "content-type": "application/json",
        }
        if self._client is None:
            raise RuntimeError("the push service is not open")
        try:
            response = await self._client.post(f"{self.url}/3/device/{token}", content=b"{}", headers=headers)
        except (httpx.HTTPError, OSError) as error:  # TLS alerts come through as they are
            log.warning("apple.push_failed", reason=type(error).__name__)
            return Answer.LATER, None
        return _read(response)


@dataclass
class _Patience:
    """Ends when the service says "later" three times without anything else in between."""

    in_a_row: int = 0

    def saw(self, answer: Answer) -> None:
        self.in_a_row = self.in_a_row + 1 if answer is Answer.LATER else 0

    @property
    def is_over(self) -> bool:
        return self.in_a_row >= 3


def push_changes(event_id: int, service: PushService, now: datetime) -> Outcome:
    """Tell every phone that holds a pass of this event which changed since it was last told; one push a phone.

    Phones that Apple reports gone are forgotten. What was told is written down after each thousand.
    """
    head = AppleChange.objects.filter(event_id=event_id).aggregate(head=Max("position"))["head"] or 0
    outcome = Outcome()
    for tokens in _batches(event_id):
        answers = service.push(tokens, now)
        of: dict[Answer, list[str]] = {each: [] for each in Answer}
        for token, (answer, dead_since) in answers.items():
            of[answer].append(token)
            if answer is Answer.DEAD:
                _forget(token, dead_since)
        heard = of[Answer.TOLD] + of[Answer.REFUSED]
        AppleRegistration.objects.filter(event_id=event_id, push_token__in=heard, told__lt=head).update(
            told=head
        )
        outcome.told += len(of[Answer.TOLD])
        outcome.dead += len(of[Answer.DEAD])
        outcome.later += len(of[Answer.LATER])
    log.info("apple.pushed", event_id=event_id, told=outcome.told, dead=outcome.dead, later=outcome.later)
    return outcome


def _batches(event_id: int) -> Iterator[Sequence[str]]:
    """The push tokens of phones that have not heard yet, in their order, each once."""
    touching = Q(date_ordinal=0, serial=0) | Q(date_ordinal=OuterRef("date_ordinal"), serial=0)
    unheard = AppleChange.objects.filter(
        touching | Q(date_ordinal=0, serial=OuterRef("serial")),
        event_id=OuterRef("event_id"),
        position__gt=OuterRef("told"),
    )
    waiting = AppleRegistration.objects.filter(Exists(unheard), event_id=event_id)
    last = ""
    while True:
        tokens = list(
            waiting.filter(push_token__gt=last)
            .order_by("push_token")
            .values_list("push_token", flat=True)
            .distinct()[:TOKENS_AT_A_TIME]
        )
        if not tokens:
            return
        yield tokens
        last = tokens[-1]


def _forget(token: str, dead_since: datetime | None) -> None:
    """Forget a phone that is gone, unless it came back after Apple noticed."""
    gone = AppleRegistration.objects.filter(push_token=token)
    if dead_since is not None:
        gone = gone.filter(registered_at__lte=dead_since)
    gone.delete()


def _read(response: httpx.Response) -> tuple[Answer, datetime | None]:
    if response.status_code == 200:
        return Answer.TOLD, None
    if response.status_code in _BUSY:
        return Answer.LATER, None
    try:
        body = response.json()
        reason = str(body.get("reason", ""))[:40]
        since = body.get("timestamp")
    except (ValueError, AttributeError):
        reason, since = "", None
    if response.status_code == 410 or reason in _DEAD:
        is_moment = isinstance(since, int | float) and 0 < since < 1e14
        return Answer.DEAD, datetime.fromtimestamp(since / 1000, UTC) if is_moment else None
    log.error("apple.push_refused", status=response.status_code, reason=reason)
    # A certificate that Apple does not take is replaced by the operator: the phones hear then.
    return (Answer.LATER if response.status_code == 403 else Answer.REFUSED), None
