"""The sessions of a person: which device each belongs to, and ending them on the server.

allauth keeps a row (`UserSession`) for each session of a signed-in person; its `data` names the device.
"""

from __future__ import annotations

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest

# The number of the device in the session itself.
DEVICE_ID = "device_id"


def device_of_session(request: HttpRequest) -> int | None:
    """The number of the device that this session belongs to."""
    return request.session.get(DEVICE_ID)


def link_session(request: HttpRequest, device_id: int | None) -> None:
    """Note which device this session is on; again whenever its key was changed."""
    request.session[DEVICE_ID] = device_id
    UserSession.objects.filter(session_key=request.session.session_key).update(data={DEVICE_ID: device_id})


def sessions_of(user_id: int) -> dict[int | None, list[UserSession]]:
    """The live sessions by device; those of None were begun before devices were known."""
    found: dict[int | None, list[UserSession]] = {}
    for session in UserSession.objects.filter(user_id=user_id).order_by("-created_at"):
        if session.exists():
            found.setdefault(session.data.get(DEVICE_ID), []).append(session)
    return found


def end_sessions(user_id: int, *, device_id: int | None = None, but_not: str = "") -> None:
    """End sessions of a person on the server, at once: those of one device, or all, except the one with a key."""
    sessions = UserSession.objects.filter(user_id=user_id)
    if device_id is not None:
        sessions = sessions.filter(data__device_id=device_id)
    get_adapter().end_sessions(list(sessions.exclude(session_key=but_not)))


def end_session_row(session_key: str | None) -> None:
    """Forget the row of a session that its own browser ends."""
    UserSession.objects.filter(session_key=session_key).delete()
