"""Signing in, what stands in the way of guessing, and how long what is known of people is kept."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from tmam.platform.setting_topics.signing import SigningSettings


class PeopleSettings(SigningSettings, frozen=True, kw_only=True):
    """Signing in, what stands in the way of guessing, and how long what is known of people is kept."""

    sign_in_failures: Annotated[
        int,
        Meta(
            ge=1,
            le=100,
            description="Wrong passwords or codes for one account within `TMAM_SIGN_IN_MINUTES` that pause it: 1 minute, then 5, 15, 60, then 4 hours each.",
        ),
    ] = 5
    sign_in_failures_per_network: Annotated[
        int,
        Meta(
            ge=1,
            le=100_000,
            description="The same for one network (IPv4 address, IPv6 /64), whatever the accounts.",
        ),
    ] = 50
    sign_in_minutes: Annotated[
        int, Meta(ge=1, le=1_440, description="How long a wrong password or code counts.")
    ] = 15
    challenge: Annotated[
        Literal["off", "auto", "on"],
        Meta(
            description="A small puzzle for browsers that nobody signed in with before, at sign-in, sign-up and mails on request: never, while many sign-ins fail, or always."
        ),
    ] = "auto"
    challenge_failures: Annotated[
        int,
        Meta(
            ge=1,
            le=1_000_000,
            description="Failed sign-ins a minute, all accounts together, that switch the puzzle on (`TMAM_CHALLENGE=auto`). It goes off after ten minutes below half of it.",
        ),
    ] = 60
    hash_slots: Annotated[
        int,
        Meta(
            ge=0,
            le=64,
            description="Passwords that are checked at the same time; each takes a core. 0: half the cores.",
        ),
    ] = 0
    step_up_minutes: Annotated[
        int,
        Meta(
            ge=1,
            le=60,
            description="How long a proof of who one is counts before something important (passwords, factors, handing tickets on).",
        ),
    ] = 5
    sso_file: Annotated[
        str,
        Meta(
            description="TOML file with the OpenID Connect providers that people may sign in with (docs/single-sign-on.md). Empty: `sso.toml` in the state folder, if there is one."
        ),
    ] = ""
    geoip_file: Annotated[
        str,
        Meta(
            description="File in MaxMind's format (GeoLite2 City, DB-IP City Lite) that tells roughly where a sign-in came from. Empty: no places are shown."
        ),
    ] = ""
    session_idle_hours: Annotated[
        int, Meta(ge=1, le=8760, description="A person is signed out after so many hours without a visit.")
    ] = 336
    session_absolute_days: Annotated[
        int, Meta(ge=1, le=365, description="… and so many days after signing in, however busy.")
    ] = 90
    team_session_idle_hours: Annotated[
        int,
        Meta(
            ge=1,
            le=8760,
            description="The same for members of teams and platform staff: hours without a visit.",
        ),
    ] = 12
    team_session_absolute_days: Annotated[
        int, Meta(ge=1, le=365, description="… and days after signing in.")
    ] = 7
    change_minutes: Annotated[
        int,
        Meta(
            ge=0,
            le=240,
            description="Least time to change trains or flights at stations that name none of their own.",
        ),
    ] = 5
    recovery_wait_hours: Annotated[
        int,
        Meta(
            ge=1,
            le=720,
            description="How long an owner has to stop a recovery that staff approved.",
        ),
    ] = 72
    security_log_days: Annotated[
        int,
        Meta(ge=30, le=3650, description="How long people can read what happened to their account."),
    ] = 400
    kept_record_years: Annotated[
        int,
        Meta(
            ge=1,
            le=30,
            description="How long the law makes us keep who bought what, after an account was erased.",
        ),
    ] = 10
