// This phone's own key pair (Ed25519): it proves that a code is shown by this phone, and signs what the wallet sends.
//
// With a lock, the private half lies sealed in the store, as the tickets do: who has not opened the lock cannot sign with
// it. Without one it lies there as a key that can be used but not read. Such a key cannot be sealed afterwards: where the
// lock comes later than the tickets, a next key waits beside it, sealed, until the server has bound the tickets to that
// one (`wallet.js`). While the wallet is open it can be used but not read where the browser has Ed25519 itself (Safari 17, Firefox 129,
// Chrome 137). Older browsers get a library; then it is readable in memory while the wallet is open.
//
// A second pair, the contact key, is never sealed: it can only give tickets back, see `leave-wallet.js`.
import { random, toBase64, utf8 } from "./bytes.js";
import { seal, unseal, unwrap, wrap } from "./lock.js";

const SEED_ABOUT = utf8("tmam-wallet-seed");
const KEY_ABOUT = utf8("tmam-wallet-key");
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

/** A new pair: `publicKey` are 32 bytes, and either `key` (readable only if it is to be sealed) or `seed` (32 bytes). */
export async function makeDeviceKey(isToBeSealed) {
  if (await hasOwnEd25519()) return makePair(isToBeSealed);
  const library = await LIBRARY();
  const seed = random(32);
  return { publicKey: await library.getPublicKeyAsync(seed), seed };
}

/** A new contact key; null in older browsers. */
export async function makeContactKey() {
  return (await hasOwnEd25519()) ? makePair(false) : null;
}

/** How a device key is stored: sealed by the data key, unless it is one that cannot be read. */
export async function sealDevice({ publicKey, key, seed }, dataKey) {
  if (seed) return { publicKey, seed: await seal(dataKey, seed, SEED_ABOUT) };
  return key.extractable ? { publicKey, wrapped: await wrap(dataKey, key, KEY_ABOUT) } : { publicKey, key };
}

/** The device key as it signs. `isToBeSealed`: it is to be stored anew, for another lock. */
export async function openDevice({ publicKey, key, wrapped, seed }, dataKey, isToBeSealed = false) {
  if (seed) return { publicKey, seed: await unseal(dataKey, seed, SEED_ABOUT) };
  return { publicKey, key: wrapped ? await unwrap(dataKey, wrapped, KEY_ABOUT, ALGORITHM, isToBeSealed) : key };
}

/** Whether a stored device key is of no use without the lock's data key. */
export const isSealed = ({ wrapped, seed }) => Boolean(wrapped || seed);

/** What a new key signs to take the old one's place, as the server reads it (`fulfilment/wallet/proofs.py`). */
export const agreedText = (oldKey, newKey) => utf8(["tmam-wallet-1", "renew-to", toBase64(oldKey), toBase64(newKey)].join("\n"));

async function makePair(isExtractable) {
  const pair = await crypto.subtle.generateKey(ALGORITHM, isExtractable, ["sign", "verify"]);
  return { publicKey: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)), key: pair.privateKey };
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
