"""python3 verify.py PUBLIC_KEY_HEX TOKEN: prints "genuine" and what the ticket says, or exits with 1. Needs PyNaCl."""
import base64
import struct
import sys

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

key, text = bytes.fromhex(sys.argv[1]), "".join(sys.argv[2].split()).upper()
if text[:2] != "T1" or len(text) not in (146, 154):
    sys.exit("not a token")
try:
    raw = base64.b32decode(text[2:146])
    VerifyKey(key).verify(b"ETK1" + raw[:26], raw[26:])
except (BadSignatureError, ValueError):
    sys.exit("forged")
kid, flags, generation, event, date, serial, type_, start, lasting, place = struct.unpack(">BBBIHIHIH5s", raw[:26])
print(f"genuine event={event} date={date} serial={serial} generation={generation} kid={kid}")
