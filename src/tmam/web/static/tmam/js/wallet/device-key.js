// This phone's own key pair (Ed25519): it proves that a code is shown by this phone, and signs what the wallet sends.
//
// Where the browser has Ed25519 itself (Safari 17, Firefox 129, Chrome 137), the private half can be used but not read,
// by us or anybody. Older browsers get a library; then the private half lies sealed beside the tickets and is in
// memory while the wallet is unlocked.
import { random } from "./bytes.js";

const ALGORITHM = { name: "Ed25519" };
const LIBRARY = () => import("../../../vendor/noble-ed25519/index.js");

export async function hasOwnEd25519() {
  try {
    await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
    return true;
  } catch {
    return false;
  }
}

/** A new pair: `publicKey` are 32 bytes, and either `key` (not readable) or `seed` (32 bytes, to be sealed). */
export async function makeDeviceKey() {
  if (await hasOwnEd25519()) {
    const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
    const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    return { publicKey, key: pair.privateKey };
  }
  const library = await LIBRARY();
  const seed = random(32);
  return { publicKey: await library.getPublicKeyAsync(seed), seed };
}

/** What signs: takes a message, promises 64 bytes. */
export function signerOf({ key, seed }) {
  if (key) return async (message) => new Uint8Array(await crypto.subtle.sign(ALGORITHM, key, message));
  return async (message) => (await LIBRARY()).signAsync(message, seed);
}

/** Whether a signature over a message is that of a public key (32 bytes). */
export async function isSigned(publicKey, message, signature) {
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, ALGORITHM, false, ["verify"]);
    return await crypto.subtle.verify(ALGORITHM, key, signature, message);
  } catch (error) {
    if (error.name !== "NotSupportedError") return false;
    return (await LIBRARY()).verifyAsync(signature, message, publicKey).catch(() => false);
  }
}
