// Reads the plan document (described in `plan_document.py`) into blocks of rows of seats, found by number.
export function readPlan(document) {
  const byNumber = [];
  for (const block of document.blocks) {
    block.seats = [];
    block.pools = new Set();
    const middle = (block.width - 1) / 2;
    block.rows = block.rows.map(([name, y, runs]) => ({
      name,
      y,
      block,
      seats: runs.flatMap(([number, place, count, pool, label, step, accessible]) => {
        block.pools.add(pool);
        return Array.from({ length: count }, (_, i) => {
          const x = place + i;
          const bend = middle ? block.curve * ((x - middle) / middle) ** 2 : 0;
          const seat = { number: number + i, x, y: y - bend, pool, accessible, label: step ? String(Number(label) + i * step) : label };
          byNumber[seat.number] = seat;
          block.seats.push(seat);
          return seat;
        });
      }),
    }));
    for (const row of block.rows) for (const seat of row.seats) seat.row = row;
  }
  return { ...document, byNumber };
}

// Which seats are taken: bit n - 1 (the least significant first) is seat n.
export function readTaken({ taken }) {
  const bytes = Uint8Array.from(atob(taken), (letter) => letter.charCodeAt(0));
  return (number) => Boolean((bytes[(number - 1) >> 3] >> ((number - 1) & 7)) & 1);
}

// The free seat nearest to one that is gone: of its price category, in its section if that has any.
export function nearest(plan, gone, isFree) {
  const candidates = (seats) => seats.filter((seat) => seat.pool === gone.pool && !seat.accessible === !gone.accessible && isFree(seat));
  const near = candidates(gone.row.block.seats);
  const far = (seat) => Math.abs(seat.x - gone.x) + 2 * Math.abs(seat.y - gone.y);
  if (near.length) return near.reduce((best, seat) => (far(seat) < far(best) ? seat : best));
  return candidates(plan.byNumber.filter(Boolean)).reduce((best, seat) => (!best || Math.abs(seat.number - gone.number) < Math.abs(best.number - gone.number) ? seat : best), null);
}
