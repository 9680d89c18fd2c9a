// What this browser keeps: its key and choices (until it signs out), and scans whose answer never came.

const SCANNER = "tmam-gate-scanner";
const OPEN = "tmam-gate-open-scans";
const SOUND = "tmam-gate-sound";
const MOST_OPEN = 200;

/** Keep the scanner's setup: key, event, gate, date, dateWords. Throws when the browser keeps nothing. */
export function keepScanner(scanner) {
  localStorage.setItem(SCANNER, JSON.stringify(scanner));
  localStorage.removeItem(OPEN);
}

/** The setup, or null. */
export function keptScanner() {
  return read(SCANNER);
}

export function forgetScanner() {
  localStorage.removeItem(SCANNER);
  localStorage.removeItem(OPEN);
}

/** The nonce of an attempt: the same as before if its answer never came, so that it can't count twice. */
export function nonceFor(attempt) {
  const open = read(OPEN) ?? {};
  const nonce = open[attempt] ?? newNonce();
  const entries = Object.entries({ ...open, [attempt]: nonce }).slice(-MOST_OPEN);
  localStorage.setItem(OPEN, JSON.stringify(Object.fromEntries(entries)));
  return nonce;
}

/** The answer came: the next attempt with this ticket is a new one. */
export function attemptAnswered(attempt) {
  const open = read(OPEN) ?? {};
  delete open[attempt];
  localStorage.setItem(OPEN, JSON.stringify(open));
}

export function soundWanted() {
  return read(SOUND) ?? true;
}

export function keepSound(wanted) {
  localStorage.setItem(SOUND, JSON.stringify(wanted));
}

function newNonce() {
  // crypto.randomUUID is missing on insecure pages, where only typing works.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}
