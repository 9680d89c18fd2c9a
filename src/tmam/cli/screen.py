"""The one screen that `tmam up` prints."""

from __future__ import annotations

from tmam.cli.demo import KeptCast, cast_lines
from tmam.platform.front import AUTHORITY_PATH, Front
from tmam.platform.settings import Settings


def print_screen(settings: Settings, cast: KeptCast | None, front: Front, *, seconds: float) -> None:
    """Where it is, who can sign in, where the mail is, how to stop."""
    print("\n" + "\n".join(screen_lines(settings, cast, front, seconds=seconds)), flush=True)


def screen_lines(settings: Settings, cast: KeptCast | None, front: Front, *, seconds: float) -> list[str]:
    """The screen's lines."""
    lines = [f"tmam is ready after {seconds:.1f} s:  {settings.origin}/", ""]
    if settings.mode == "demo":
        sign_in = f"{settings.origin}/accounts/login/"
        lines += [f"Demo logins (sign in at {sign_in}; e-mail, password)", *cast_lines(cast), ""]
        lines += [
            f"  buyer's tickets      {settings.origin}/me/tickets/",
            f"  organizer's studio   {settings.origin}/studio/",
            f"  gate                 {settings.origin}/gate/",
        ]
        if cast is not None and cast.open_event_id is not None:
            lines.append(f"  open now, to scan    {settings.origin}/en/e/{cast.open_event_id}-/")
        if settings.mail_url.startswith("folder:"):
            lines.append(f"  outgoing mail        {settings.origin}/demo/mail/")
        if settings.sms_url.startswith("outbox:"):
            lines.append(f"  outgoing SMS         {settings.origin}/demo/sms/")
        lines.append("")
    if not settings.is_loopback:
        lines += [
            f"Phones trust this address after installing {settings.origin}{AUTHORITY_PATH}",
            f"(the same file here: {front.authority})",
            "",
        ]
    lines += [f"Data and logs: {settings.state}", "Stop: Ctrl-C"]
    return lines
