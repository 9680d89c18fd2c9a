// A QR code of version 10, level M, in letters and digits: exactly what a live code of 306 characters needs
// (ISO/IEC 18004). Nothing else is drawn here, so the tables are short.

const SIZE = 57;
export const QUIET = 4;
export const SIDE = SIZE + 2 * QUIET;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const MOST_CHARACTERS = 311;
const DATA_BLOCKS = [43, 43, 43, 43, 44]; // code words in each block
const DATA_WORDS = 216;
const CHECK_WORDS = 26;
const ALIGNMENT = [6, 28, 50];
const VERSION_BITS = 0b001010010011010011; // version 10 with its BCH check
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** The dark modules as the path of an SVG of `SIDE` units, quiet zone included. Throws for what does not fit. */
export function qrPath(text) {
  const grid = qrGrid(text);
  let path = "";
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      if (!grid[y][x]) continue;
      let end = x;
      while (end < SIZE && grid[y][end]) end++;
      path += `M${x + QUIET} ${y + QUIET}h${end - x}v1h${x - end}z`;
      x = end;
    }
  }
  return path;
}

/** Rows of 0 and 1, 57 × 57. */
export function qrGrid(text) {
  const bits = interleaved(dataWords(text)).flatMap((word) => bitsOf(word, 8));
  const { grid, isFixed } = emptyGrid();
  let at = 0;
  for (const [x, y] of dataPlaces(isFixed)) grid[y][x] = bits[at++] ?? 0;
  let best = null;
  MASKS.forEach((mask, number) => {
    const masked = grid.map((row, y) => row.map((module, x) => (isFixed[y][x] ? module : module ^ mask(x, y))));
    drawFormat(masked, number);
    const penalty = penaltyOf(masked);
    if (best === null || penalty < best.penalty) best = { grid: masked, penalty };
  });
  return best.grid;
}

const bitsOf = (number, count) => Array.from({ length: count }, (_, at) => (number >> (count - 1 - at)) & 1);

function dataWords(text) {
  const values = Array.from(text, (char) => ALPHABET.indexOf(char));
  if (values.length > MOST_CHARACTERS || values.includes(-1)) throw new RangeError("does not fit the code");
  const bits = [...bitsOf(0b0010, 4), ...bitsOf(values.length, 11)];
  for (let at = 0; at < values.length; at += 2) {
    const isPair = at + 1 < values.length;
    bits.push(...(isPair ? bitsOf(values[at] * 45 + values[at + 1], 11) : bitsOf(values[at], 6)));
  }
  for (let rest = 4; rest > 0 && bits.length < DATA_WORDS * 8; rest--) bits.push(0);
  while (bits.length % 8) bits.push(0);
  const words = [];
  for (let at = 0; at < bits.length; at += 8) words.push(parseInt(bits.slice(at, at + 8).join(""), 2));
  for (let pad = 0xec; words.length < DATA_WORDS; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

function interleaved(words) {
  let from = 0;
  const data = DATA_BLOCKS.map((length) => words.slice(from, (from += length)));
  const checks = data.map(checkWords);
  const sent = [];
  for (let at = 0; at < Math.max(...DATA_BLOCKS); at++) for (const block of data) if (at < block.length) sent.push(block[at]);
  for (let at = 0; at < CHECK_WORDS; at++) for (const block of checks) sent.push(block[at]);
  return sent;
}

// Reed–Solomon over GF(256) with the polynomial 0x11d.
const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power++) {
  EXP[power] = EXP[power + 255] = value;
  LOG[value] = power;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}
const times = (one, other) => (one && other ? EXP[LOG[one] + LOG[other]] : 0);
const GENERATOR = Array.from({ length: CHECK_WORDS }).reduce(
  (poly, _, root) => [...poly, 0].map((value, at) => value ^ (at ? times(poly[at - 1], EXP[root]) : 0)),
  [1],
);

function checkWords(block) {
  const rest = [...block, ...new Array(CHECK_WORDS).fill(0)];
  for (let at = 0; at < block.length; at++) {
    const factor = rest[at];
    if (factor) GENERATOR.forEach((value, by) => (rest[at + by] ^= times(value, factor)));
  }
  return rest.slice(block.length);
}

function emptyGrid() {
  const rows = () => Array.from({ length: SIZE }, () => new Array(SIZE).fill(0));
  const grid = rows();
  const isFixed = rows();
  const put = (x, y, module) => {
    if (x < 0 || y < 0 || x >= SIZE || y >= SIZE) return;
    grid[y][x] = module ? 1 : 0;
    isFixed[y][x] = 1;
  };
  for (let at = 0; at < SIZE; at++) {
    put(6, at, at % 2 === 0);
    put(at, 6, at % 2 === 0);
  }
  const rings = (x, y, reach, dark) => {
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) put(x + dx, y + dy, dark.includes(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  };
  for (const [x, y] of [[3, 3], [SIZE - 4, 3], [3, SIZE - 4]]) rings(x, y, 4, [0, 1, 3]);
  for (const x of ALIGNMENT) {
    for (const y of ALIGNMENT) {
      const isFinder = (x === 6 && y === 6) || (x === 6 && y === 50) || (x === 50 && y === 6);
      if (!isFinder) rings(x, y, 2, [0, 2]);
    }
  }
  for (let at = 0; at < 9; at++) {
    put(8, at, at === 6);
    put(at, 8, at === 6);
    if (at < 8) {
      put(8, SIZE - 1 - at, at === 7); // the module above the finder is always dark
      put(SIZE - 1 - at, 8, 0);
    }
  }
  bitsOf(VERSION_BITS, 18).reverse().forEach((bit, at) => {
    put(SIZE - 11 + (at % 3), Math.floor(at / 3), bit);
    put(Math.floor(at / 3), SIZE - 11 + (at % 3), bit);
  });
  return { grid, isFixed };
}

/** The free modules in the order in which bits are laid: two columns at a time, up and down, from the right. */
function* dataPlaces(isFixed) {
  let isUp = true;
  for (let right = SIZE - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let at = 0; at < SIZE; at++) {
      const y = isUp ? SIZE - 1 - at : at;
      for (const x of [right, right - 1]) if (!isFixed[y][x]) yield [x, y];
    }
    isUp = !isUp;
  }
}

function drawFormat(grid, mask) {
  let rest = mask << 10; // level M is 00
  for (let bit = 14; bit >= 10; bit--) if ((rest >> bit) & 1) rest ^= 0b10100110111 << (bit - 10);
  const format = ((mask << 10) | rest) ^ 0b101010000010010;
  for (let bit = 0; bit < 15; bit++) {
    const module = (format >> bit) & 1;
    grid[bit < 6 ? bit : bit < 8 ? bit + 1 : SIZE - 15 + bit][8] = module;
    grid[8][bit < 8 ? SIZE - 1 - bit : bit < 9 ? 7 : 14 - bit] = module;
  }
}

function penaltyOf(grid) {
  let penalty = 0;
  let dark = 0;
  const line = (at) => {
    let run = 0;
    let last = -1;
    let seen = 0;
    for (let along = 0; along < SIZE; along++) {
      const module = at(along);
      run = module === last ? run + 1 : 1;
      last = module;
      if (run === 5) penalty += 3;
      else if (run > 5) penalty += 1;
      seen = ((seen << 1) | module) & 0x7ff;
      if (along >= 10 && (seen === 0b10111010000 || seen === 0b00001011101)) penalty += 40;
    }
  };
  for (let at = 0; at < SIZE; at++) {
    line((along) => grid[at][along]);
    line((along) => grid[along][at]);
  }
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      dark += grid[y][x];
      if (x && y && grid[y][x] === grid[y - 1][x] && grid[y][x] === grid[y][x - 1] && grid[y][x] === grid[y - 1][x - 1]) penalty += 3;
    }
  }
  return penalty + Math.floor(Math.abs((dark * 100) / (SIZE * SIZE) - 50) / 5) * 10;
}
