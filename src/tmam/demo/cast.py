"""The people of the demo: one who buys, one who organizes, one who stands at the gate, and others of the team.

The organizer is on the team of every demo organizer, so that whatever a newcomer buys shows up in the studio, and
the steward may scan for all of them; so are a manager, somebody for the money, and somebody at the box office.
Platform staff belongs to no team.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from allauth.account.models import EmailAddress

from tmam.accounts.models import User
from tmam.organizers.models import Membership, Organizer, Role


@dataclass(frozen=True)
class Login:
    """What somebody types to sign in; `part` is a key of `DEMO_PASSWORDS`."""

    part: str
    email: str
    password: str


@dataclass(frozen=True)
class DemoCast:
    """The logins, and the event whose gate is open right now (see `season/organizer_casa_abierta.toml`)."""

    buyer: Login
    organizer: Login
    steward: Login
    manager: Login
    finance: Login
    box_office: Login
    staff: Login
    event_open_now_id: int

    @property
    def logins(self) -> tuple[Login, ...]:
        """All of them, in the order a newcomer needs them."""
        return (
            self.buyer,
            self.organizer,
            self.steward,
            self.manager,
            self.finance,
            self.box_office,
            self.staff,
        )


# Known to everyone who reads this: they exist in demo mode only, which listens on loopback or gets random ones.
DEMO_PASSWORDS = {
    "buyer": "two-seats-row-five",
    "organizer": "house-lights-down",
    "steward": "doors-open-at-seven",
    "manager": "third-bell-in-five",
    "finance": "count-the-float-twice",
    "box_office": "window-two-is-open",
    "staff": "help-with-a-smile",
}
_PEOPLE = {
    "buyer": ("buyer@demo.tmam.example", "Marta Buendía"),
    "organizer": ("organizer@demo.tmam.example", "Oriol Serrat"),
    "steward": ("gate@demo.tmam.example", "Gema Portales"),
    "manager": ("manager@demo.tmam.example", "Mireia Soler"),
    "finance": ("finance@demo.tmam.example", "Fermín Cuesta"),
    "box_office": ("boxoffice@demo.tmam.example", "Tadeo Villar"),
    "staff": ("staff@demo.tmam.example", "Sara Amable"),
}
_ROLES = {
    "organizer": Role.OWNER,
    "steward": Role.GATE,
    "manager": Role.MANAGER,
    "finance": Role.FINANCE,
    "box_office": Role.BOX_OFFICE,
}


def make_cast(
    organizers: Iterable[Organizer], passwords: Mapping[str, str] | None = None
) -> dict[str, Login]:
    """Make the accounts, their addresses proven, and put all but the buyer on every team. Returns logins by part.

    `passwords` by part; a part left out gets its documented one.
    """
    logins = {part: _make_login(part, (passwords or {}).get(part)) for part in _PEOPLE}
    users = {
        user.email: user for user in User.objects.filter(email__in=[email for email, _ in _PEOPLE.values()])
    }
    Membership.objects.bulk_create(
        Membership(organizer=organizer, user=users[_PEOPLE[part][0]], role=role)
        for organizer in organizers
        for part, role in _ROLES.items()
    )
    return logins


def _make_login(part: str, password: str | None) -> Login:
    email, name = _PEOPLE[part]
    password = password or DEMO_PASSWORDS[part]
    user = User.objects.create_user(email, password, name=name, is_staff=part == "staff")
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return Login(part, email, password)
