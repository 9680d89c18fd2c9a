// node bound.mjs PUBLIC_KEY_HEX CODE [UNIX_SECONDS]: the same for a code that only one phone can show. The same in browsers.
const [hex, typed, seconds = Date.now() / 1000] = process.argv.slice(2);
const fail = (why) => (console.error(why), process.exit(1));
const text = typed.replace(/\s/g, "").toUpperCase();
if (!/^T2[A-Z2-7]{304}$/.test(text)) fail("not a bound code");
const bits = [...text.slice(2)].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
const raw = Uint8Array.from(bits.match(/.{8}/g), (byte) => parseInt(byte, 2));
const isSigned = async (bytes, signature, domain, signed) => {
  const key = await crypto.subtle.importKey("raw", bytes, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, signature, Uint8Array.from([...new TextEncoder().encode(domain), ...signed]));
};
const organizer = Uint8Array.from(hex.match(/../g), (byte) => parseInt(byte, 16));
if (!(await isSigned(organizer, raw.slice(58, 122), "ETK2", raw.slice(0, 58)))) fail("forged");
if (!(await isSigned(raw.slice(26, 58), raw.slice(126), "ETK2-NOW", [...raw.slice(0, 58), ...raw.slice(122, 126)]))) fail("forged");
const view = new DataView(raw.buffer);
if (Math.abs(Math.floor(seconds / 15) - view.getUint32(122)) > 1) fail("stale");
const [event, date, serial] = [view.getUint32(3), view.getUint16(7), view.getUint32(9)];
console.log(`genuine event=${event} date=${date} serial=${serial} generation=${raw[2]} kid=${raw[0]}`);
