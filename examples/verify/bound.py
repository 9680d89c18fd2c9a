"""python3 bound.py PUBLIC_KEY_HEX CODE [UNIX_SECONDS]: the same for a code that only one phone can show. Needs PyNaCl."""
import base64
import struct
import sys
import time
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
key, text = bytes.fromhex(sys.argv[1]), "".join(sys.argv[2].split()).upper()
try:
    if text[:2] != "T2" or len(text) != 306:
        sys.exit("not a bound code")
    raw = base64.b32decode(text[2:])
    VerifyKey(key).verify(b"ETK2" + raw[:58], raw[58:122])
    VerifyKey(raw[26:58]).verify(b"ETK2-NOW" + raw[:58] + raw[122:126], raw[126:])
except (BadSignatureError, ValueError):
    sys.exit("forged")
kid, _, generation, event, date, serial = struct.unpack(">BBBIHI", raw[:13])
if abs(int([*sys.argv, time.time()][3]) // 15 - int.from_bytes(raw[122:126], "big")) > 1:
    sys.exit("stale")
print(f"genuine event={event} date={date} serial={serial} generation={generation} kid={kid}")
