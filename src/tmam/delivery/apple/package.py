"""The `.pkpass` file: a ZIP of pass.json, images and translations with their SHA-1 manifest and its signature.

Entries are sorted and carry one date, so that the same pass is the same bytes (see `signature`).
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from tmam.delivery.apple.signature import PassSigner
from tmam.delivery.errors import TooManyTicketsError

PKPASS_MEDIA_TYPE: Final = "application/vnd.apple.pkpass"
PKPASSES_MEDIA_TYPE: Final = "application/vnd.apple.pkpasses"
# A bundle of twenty passes of 300 kB is as much as a phone takes at once over a mobile network.
MAX_PASSES_PER_BUNDLE: Final = 20
_DATE: Final = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class PassImages:
    """The images of a pass by file name. The same set serves all passes of an event, so its digests are kept."""

    files: Mapping[str, bytes]

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """The SHA-1 of each file."""
        return {name: _sha1(content) for name, content in self.files.items()}


def build_pass(
    texts: Mapping[str, bytes], images: PassImages, signer: PassSigner, signed_at: datetime
) -> bytes:
    """Pack and sign a pass: `texts` are pass.json and the translations by their names in the package."""
    digests = {**images.digests, **{name: _sha1(content) for name, content in texts.items()}}
    manifest = json.dumps(digests, sort_keys=True, separators=(",", ":")).encode()
    signature = signer.sign(manifest, signed_at)
    return _zip({**images.files, **texts, "manifest.json": manifest, "signature": signature})


def build_bundle(passes: Sequence[bytes]) -> bytes:
    """Several passes as one `.pkpasses` file, which iOS 16 and later opens at once.

    Raises:
        TooManyTicketsError: more than 20.
    """
    if len(passes) > MAX_PASSES_PER_BUNDLE:
        raise TooManyTicketsError(len(passes), MAX_PASSES_PER_BUNDLE)
    return _zip({f"{number:02}.pkpass": each for number, each in enumerate(passes, start=1)})


def _sha1(content: bytes) -> str:
    # Apple's format; what protects the files is the SHA-256 signature over the manifest.
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _zip(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            is_packed_already = name.endswith((".png", ".pkpass", "signature"))
            entry.compress_type = zipfile.ZIP_STORED if is_packed_already else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, files[name])
    return packed.getvalue()
