// SHA-256 (FIPS 180-4) of a short ASCII text. The browser's own is asynchronous, which costs more than the hash itself.

const K = new Int32Array(64);
const START = new Int32Array(8);
const W = new Int32Array(64);
const state = new Int32Array(8);
let bytes = new Uint8Array(128);
let view = new DataView(bytes.buffer);

// The constants are the first 32 bits of the fractional parts of roots of the first primes.
for (let candidate = 2, found = 0; found < 64; candidate += 1) {
  let isPrime = true;
  for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) if (candidate % divisor === 0) isPrime = false;
  if (!isPrime) continue;
  if (found < 8) START[found] = fraction(candidate ** (1 / 2));
  K[found] = fraction(candidate ** (1 / 3));
  found += 1;
}

// The eight words of the digest; the next call overwrites them.
export function sha256(text) {
  const length = text.length;
  const size = ((length + 8) >> 6) * 64 + 64;
  if (bytes.length < size) {
    bytes = new Uint8Array(size);
    view = new DataView(bytes.buffer);
  }
  for (let at = 0; at < length; at += 1) bytes[at] = text.charCodeAt(at);
  bytes.fill(0, length, size);
  bytes[length] = 0x80;
  view.setUint32(size - 4, length * 8);
  state.set(START);
  for (let block = 0; block < size; block += 64) mix(block);
  return state;
}

// The words of a digest that is written in hexadecimal.
export function words(hex) {
  return Int32Array.from({ length: 8 }, (_, at) => parseInt(hex.slice(at * 8, at * 8 + 8), 16));
}

function mix(block) {
  for (let t = 0; t < 16; t += 1) W[t] = view.getInt32(block + t * 4);
  for (let t = 16; t < 64; t += 1) {
    const x = W[t - 15];
    const y = W[t - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[t] = (((W[t - 16] + s0) | 0) + ((W[t - 7] + s1) | 0)) | 0;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3];
  let e = state[4], f = state[5], g = state[6], h = state[7];
  for (let t = 0; t < 64; t += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (((h + s1) | 0) + (((((e & f) ^ (~e & g)) + K[t]) | 0) + W[t])) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

function fraction(root) {
  return (root - Math.floor(root)) * 2 ** 32;
}
