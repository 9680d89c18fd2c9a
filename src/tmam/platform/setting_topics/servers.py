"""How many of what: the servers, the renderers, the files that are kept."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from tmam.platform.setting_topics.place import PlaceSettings


class ServerSettings(PlaceSettings, frozen=True, kw_only=True):
    """How many of what: the servers, the renderers, the files that are kept."""

    web_port: Annotated[
        int, Meta(ge=0, le=65535, description="Loopback port of the product server (0: a free one).")
    ] = 0
    hot_port: Annotated[
        int, Meta(ge=0, le=65535, description="Loopback port of the hot shell (0: a free one).")
    ] = 0
    hot_rate_per_client: Annotated[
        int,
        Meta(
            ge=0,
            le=100_000,
            description="Requests a second that one client (IPv4 address, IPv6 /64) may send to the hot shell in the long run; four seconds' worth at once. 0: no limit.",
        ),
    ] = 40
    web_threads: Annotated[int, Meta(ge=1, le=256, description="Threads of the product server.")] = 8
    file_store: Annotated[
        str,
        Meta(
            description="Where finished ticket files are kept: `s3://bucket/prefix` (any store that speaks S3) or empty: the state folder's `files`."
        ),
    ] = ""
    file_store_endpoint: Annotated[
        str, Meta(description="Address of the S3 store (`https://…`). Empty: Amazon's own.")
    ] = ""
    file_store_region: Annotated[str, Meta(description="Region of the S3 store. Empty: `us-east-1`.")] = ""
    file_store_key: Annotated[
        str, Meta(description="Access key of the S3 store. Empty: the machine's own role.")
    ] = ""
    file_store_secret: Annotated[str, Meta(description="Secret of that access key.")] = ""
    file_store_encryption: Annotated[
        Literal["", "AES256", "aws:kms"],
        Meta(
            description="What the S3 store is asked to encrypt each file with (the header `x-amz-server-side-encryption`)."
        ),
    ] = ""
    file_store_redirect: Annotated[
        bool,
        Meta(
            description="Send downloads to a signed address of the S3 store that is good for a minute, instead of passing the bytes through."
        ),
    ] = False
    file_days: Annotated[
        int,
        Meta(
            ge=1,
            le=3650,
            description="How many days after an event its finished files are deleted; they can be made again at any time.",
        ),
    ] = 30
    renderers: Annotated[
        int,
        Meta(
            ge=0,
            le=64,
            description="Processes that draw files in each server program, about 130 MB each; they start when there is something to draw. 0: one for each core but one.",
        ),
    ] = 0
    render_queue: Annotated[
        int,
        Meta(ge=1, le=100_000, description="Files that may wait to be drawn; more are told to come back."),
    ] = 3_000
    render_seconds: Annotated[
        int,
        Meta(
            ge=1,
            le=600,
            description="How long one file may be drawn before its renderer is ended and replaced.",
        ),
    ] = 30
    warm_hours: Annotated[
        int,
        Meta(
            ge=0,
            le=720,
            description="So many hours before the doors open, the files of large events are drawn ahead. 0: only when somebody asks for it.",
        ),
    ] = 24
    warm_tickets: Annotated[
        int, Meta(ge=1, le=10_000_000, description="What is a large event: from so many tickets on.")
    ] = 1_000
