// Judges a code on the practice page, in the browser alone: is it the sample, another ticket of ours, or neither?
// The tokens' formats are written down in `kernel/token.py` and, of tickets in a phone, `kernel/bound_token.py`; samples are signed for event 0, which exists nowhere.

const TOKEN = /^T1([A-Z2-7]{144})([0-9]{8})?$/;
const BOUND = /^T2([A-Z2-7]{304})$/;
const LIKE_OURS = /^T[12][A-Z0-9]*$/;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BODY_BYTES = 26;
const EVENT_OFFSET = 3;
const MOST_CHARACTERS = 4096;

/**
 * "sample", "real" (another event's: its keys are not here, so nothing more is known), "forged", "malformed", "foreign".
 * `key` is the sample's public key (32 bytes), `library` the address of an Ed25519 for browsers without one.
 */
export async function judge(text, { key, library }) {
  const squeezed = text.length > MOST_CHARACTERS ? "" : text.replace(/\s/g, "").toUpperCase();
  const shape = TOKEN.exec(squeezed);
  // No sample is bound to a phone, and no event has the number 0.
  const bound = BOUND.exec(squeezed);
  if (bound) return eventOf(bytesOf(bound[1])) === 0 ? "forged" : "real";
  if (!shape) return LIKE_OURS.test(squeezed) ? "malformed" : "foreign";
  const raw = bytesOf(shape[1]);
  const body = raw.subarray(0, BODY_BYTES);
  if (eventOf(raw) !== 0) return "real";
  const signed = new Uint8Array([...new TextEncoder().encode("ETK1"), ...body]);
  return (await isSigned({ key, signature: raw.subarray(BODY_BYTES), signed, library })) ? "sample" : "forged";
}

const eventOf = (raw) => new DataView(raw.buffer, EVENT_OFFSET, 4).getUint32(0);

/** Base 32 without padding (RFC 4648 §6): 144 characters are exactly 90 bytes. */
export function bytesOf(text) {
  const bytes = new Uint8Array((text.length * 5) / 8);
  let [bits, held, at] = [0, 0, 0];
  for (const character of text) {
    held = (held << 5) | ALPHABET.indexOf(character);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 0xff;
      held &= (1 << bits) - 1;
    }
  }
  return bytes;
}

export const bytesOfHex = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));

async function isSigned({ key, signature, signed, library }) {
  let known;
  try {
    known = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  } catch {
    const noble = await import(library); // this browser's WebCrypto knows no Ed25519
    return noble.verifyAsync(signature, signed, key, { zip215: false });
  }
  return crypto.subtle.verify("Ed25519", known, signature, signed);
}
