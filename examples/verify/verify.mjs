// node verify.mjs PUBLIC_KEY_HEX TOKEN: prints "genuine" and what the ticket says, or exits with 1. The same in browsers.
const [hex, typed] = process.argv.slice(2);
const fail = (why) => (console.error(why), process.exit(1));
const text = typed.replace(/\s/g, "").toUpperCase();
if (!/^T1[A-Z2-7]{144}(\d{8})?$/.test(text)) fail("not a token");
const bits = [...text.slice(2, 146)].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
const raw = Uint8Array.from(bits.match(/.{8}/g), (byte) => parseInt(byte, 2));
const key = await crypto.subtle.importKey("raw", Uint8Array.from(hex.match(/../g), (b) => parseInt(b, 16)), "Ed25519", false, ["verify"]);
const signed = new Uint8Array([...new TextEncoder().encode("ETK1"), ...raw.slice(0, 26)]);
if (!(await crypto.subtle.verify("Ed25519", key, raw.slice(26), signed))) fail("forged");
const view = new DataView(raw.buffer);
const [event, date, serial] = [view.getUint32(3), view.getUint16(7), view.getUint32(9)];
console.log(`genuine event=${event} date=${date} serial=${serial} generation=${raw[2]} kid=${raw[0]}`);
