// The code of a ticket that lives in this phone, format T2; the same bytes as `kernel/bound_token.py`.
import { joined, toBase32, utf8 } from "./bytes.js";

export const STEP_MS = 15_000;
export const CERTIFICATE_BYTES = 122;
const SIGNED_BYTES = 58; // the ticket's body (26) and the device's key (32)
const BODY_BYTES = 26;

/** The number of the 15-second step that an instant (milliseconds since 1970) lies in. */
export const stepOf = (at) => Math.floor(at / STEP_MS);

/** What the device signs for a step. */
export function proofMessage(certificate, step) {
  return joined(utf8("ETK2-NOW"), certificate.subarray(0, SIGNED_BYTES), u32(step));
}

/** The 306 characters to show. `sign` takes a message and promises 64 bytes. */
export async function liveCode(certificate, step, sign) {
  const proof = await sign(proofMessage(certificate, step));
  return `T2${toBase32(joined(certificate, u32(step), proof))}`;
}

/** What a certificate says: its parts, nothing checked. */
export function readCertificate(certificate) {
  const view = new DataView(certificate.buffer, certificate.byteOffset, certificate.byteLength);
  return {
    keyId: view.getUint8(0),
    generation: view.getUint8(2),
    event: view.getUint32(3),
    serial: view.getUint32(9),
    deviceKey: certificate.subarray(BODY_BYTES, SIGNED_BYTES),
    signed: joined(utf8("ETK2"), certificate.subarray(0, SIGNED_BYTES)),
    signature: certificate.subarray(SIGNED_BYTES),
  };
}

function u32(number) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}
