// How the tickets are locked: by a PIN, by a passkey (the phone's own face, finger or code), or not at all.
//
// The tickets are sealed with a data key that scripts can use but not read. Without a lock it lies in the store like
// that. With one, only its sealed form does: sealed by what the PIN (PBKDF2) or the passkey (PRF) gives, and once more
// by a key that cannot be read out of this browser.
import { joined, random, utf8 } from "./bytes.js";

export const PIN_DIGITS = { least: 6, most: 12 };
export const MOST_WRONG = 10;
const ITERATIONS = 600_000; // OWASP's floor for PBKDF2-SHA-256
const IV_BYTES = 12;
const DATA_KEY_BYTES = 32;
const AES = { name: "AES-GCM", length: 256 };
// Before the n-th try after n wrong ones: seconds to wait.
const PAUSES_S = [0, 0, 0, 30, 60, 300, 900, 3600, 3600, 3600];

export class WrongPin extends Error {}
export class PasskeyUnfit extends Error {}

/** How long to wait after so many wrong PINs, in milliseconds. */
export const pauseAfter = (wrong) => 1000 * (PAUSES_S[Math.min(wrong, PAUSES_S.length - 1)] ?? 0);

export function isPin(typed) {
  return /^[0-9]+$/.test(typed) && typed.length >= PIN_DIGITS.least && typed.length <= PIN_DIGITS.most;
}

/** Whether people who guess begin with it: one digit over and over, or digits in a row, up or down (0 beside 9). */
export function isEasyPin(pin) {
  const steps = new Set([...pin].slice(1).map((digit, at) => (10 + Number(digit) - Number(pin[at])) % 10));
  return steps.size === 1 && [0, 1, 9].includes([...steps][0]);
}

/** Whether this browser can very likely lock by passkey. */
export async function canPasskey() {
  if (!window.PublicKeyCredential) return false;
  const capabilities = await PublicKeyCredential.getClientCapabilities?.().catch(() => null);
  if (capabilities && capabilities["extension:prf"] === false) return false;
  return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false);
}

/** A new data key and its lock: `{dataKey, lock, pepper}`; lock and pepper are for the store. */
export async function makeLock(kind, { pin, words } = {}) {
  const raw = random(DATA_KEY_BYTES);
  const dataKey = await importAes(raw);
  const lock = { kind };
  let pepper = null;
  if (kind !== "none") {
    Object.assign(lock, { salt: random(32), iterations: ITERATIONS });
    if (kind === "passkey") lock.credential = await makePasskey(lock.salt, words);
    const key = await lockKey(lock, pin);
    pepper = await crypto.subtle.generateKey(AES, false, ["encrypt", "decrypt"]);
    lock.sealed = await seal(pepper, await seal(key, raw));
  }
  raw.fill(0);
  return { dataKey, lock, pepper };
}

/** The data key, by PIN or passkey. Throws `WrongPin`, or what the browser says of the passkey. */
export async function openLock(lock, pepper, pin) {
  const key = await lockKey(lock, pin);
  try {
    const raw = await unseal(key, await unseal(pepper, lock.sealed));
    const dataKey = await importAes(raw);
    raw.fill(0);
    return dataKey;
  } catch {
    throw new WrongPin();
  }
}

export async function seal(key, bytes, about = new Uint8Array()) {
  const iv = random(IV_BYTES);
  const sealed = await crypto.subtle.encrypt({ name: AES.name, iv, additionalData: about }, key, bytes);
  return joined(iv, new Uint8Array(sealed));
}

/** Throws when one bit of it, or of what it is about, was changed. */
export async function unseal(key, sealed, about = new Uint8Array()) {
  const iv = sealed.subarray(0, IV_BYTES);
  const opened = await crypto.subtle.decrypt({ name: AES.name, iv, additionalData: about }, key, sealed.subarray(IV_BYTES));
  return new Uint8Array(opened);
}

/** A private key that may be read, sealed without its bytes ever being seen by scripts. */
export async function wrap(dataKey, key, about) {
  const iv = random(IV_BYTES);
  const wrapped = await crypto.subtle.wrapKey("pkcs8", key, dataKey, { name: AES.name, iv, additionalData: about });
  return joined(iv, new Uint8Array(wrapped));
}

/** The private key again; only one that is to be wrapped anew is `isExtractable`. */
export function unwrap(dataKey, wrapped, about, algorithm, isExtractable) {
  const how = { name: AES.name, iv: wrapped.subarray(0, IV_BYTES), additionalData: about };
  return crypto.subtle.unwrapKey("pkcs8", wrapped.subarray(IV_BYTES), dataKey, how, algorithm, isExtractable, ["sign"]);
}

const importAes = (raw) => crypto.subtle.importKey("raw", raw, AES.name, false, ["encrypt", "decrypt", "wrapKey", "unwrapKey"]);

async function lockKey(lock, pin) {
  if (lock.kind === "pin") {
    const typed = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: lock.salt, iterations: lock.iterations };
    return crypto.subtle.deriveKey(how, typed, AES, false, ["encrypt", "decrypt"]);
  }
  const secret = await crypto.subtle.importKey("raw", await passkeySecret(lock), "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: lock.salt, info: utf8("tmam-wallet-lock") };
  return crypto.subtle.deriveKey(how, secret, AES, false, ["encrypt", "decrypt"]);
}

async function makePasskey(salt, words) {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: random(32),
      rp: { name: words.passkeyName },
      user: { id: random(16), name: words.passkeyName, displayName: words.passkeyName },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -8 }, { type: "public-key", alg: -257 }],
      authenticatorSelection: { authenticatorAttachment: "platform", residentKey: "discouraged", userVerification: "required" },
      extensions: { prf: { eval: { first: salt } } },
    },
  });
  if (!made.getClientExtensionResults().prf?.enabled) throw new PasskeyUnfit();
  return new Uint8Array(made.rawId);
}

async function passkeySecret(lock) {
  const got = await navigator.credentials.get({
    publicKey: {
      challenge: random(32),
      allowCredentials: [{ type: "public-key", id: lock.credential }],
      userVerification: "required",
      extensions: { prf: { eval: { first: lock.salt } } },
    },
  });
  const secret = got.getClientExtensionResults().prf?.results?.first;
  if (!secret) throw new PasskeyUnfit();
  return new Uint8Array(secret);
}
