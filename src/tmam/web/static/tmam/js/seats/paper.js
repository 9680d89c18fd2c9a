// Draws the plan: all sections small, or the seats of one section as a grid for mouse, finger and keyboard.
const UNIT = 40; // of the drawing, for one seat
const LARGEST_PX = 64;
const FINGER_PX = 44;
const MOST_DOTS = 4000;
const PORTION = 600; // seats drawn at once
const SHAPES = { // the same outlines as in `_seats.html`
  free: "M11 4h18a7 7 0 0 1 7 7v18a7 7 0 0 1-7 7H11a7 7 0 0 1-7-7V11a7 7 0 0 1 7-7Z",
  taken: "M14 14h12v12H14Z",
  yours: "M20 2a18 18 0 1 1 0 36a18 18 0 1 1 0-36Z",
};

function svg(name, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  node.append(...children);
  return node;
}

export class Paper {
  // `look`: stateOf(seat) → free|taken|yours, nameOf(seat), colourOf(pool), pick(seat), open(block); words and icon.
  constructor(box, plan, look) {
    Object.assign(this, { box, plan, look, cells: new Map(), block: null });
    // On the box: a drawing that listens to the focus would take it.
    for (const name of ["click", "keydown", "focusin", "pointerover"]) box.addEventListener(name, this);
    new ResizeObserver(() => this.block || this.drawAll()).observe(box);
  }

  // ── All sections ──
  drawAll() {
    const { plan, look, box } = this;
    const width = box.clientWidth;
    if (!width) return;
    const highest = Number.parseFloat(getComputedStyle(box).maxHeight) - 60;
    const perPx = Math.max(plan.width / width, plan.height / highest);
    const isDotted = plan.size <= MOST_DOTS;
    const words = 14 * perPx;
    const top = (isDotted ? 4 : 2.6) * words + plan.blocks[0].curve;
    const drawing = svg("svg", { class: "plan", viewBox: `${-0.5} ${-top} ${plan.width + 1} ${plan.height + top + 1}`, "aria-hidden": "true" });
    drawing.append(this.stage(plan.width / 2 - 0.5, -top + words * 0.2, plan.width * 0.5, words * 1.6, words));
    for (const block of plan.blocks) {
      const free = block.seats.filter((seat) => look.stateOf(seat) === "free").length;
      const room = block.seats.length;
      const group = svg("g", { class: "plan__block", transform: `translate(${block.x} ${block.y})` });
      const around = { x: -0.6, y: -0.6 - block.curve, width: block.width + 0.2, height: block.height + block.curve + 0.2, rx: Math.min(1, block.width / 8) };
      group.append(svg("rect", { class: "plan__ground", ...around }));
      if (isDotted) group.append(...this.dots(block));
      else {
        const level = block.height * (free / room);
        const pool = block.pools.values().next().value;
        group.append(svg("rect", { class: `plan__level seat--${look.colourOf(pool)}`, x: 0, y: block.height - level - 0.5, width: block.width - 1, height: level }));
      }
      const y = isDotted ? -1 - block.curve : block.height / 4 + words / 3;
      const hasRoom = block.name.length * words * 0.6 < block.width;
      group.append(hasRoom ? svg("text", { class: "plan__name", x: (block.width - 1) / 2, y, "font-size": words }, block.name) : svg("title", {}, block.name));
      group.addEventListener("click", () => look.open(block));
      drawing.append(group);
    }
    box.replaceChildren(drawing);
  }

  dots(block) {
    const paths = new Map();
    for (const seat of block.seats) {
      const state = this.look.stateOf(seat);
      const name = state === "free" ? `seat--${this.look.colourOf(seat.pool)}` : `is-${state}`;
      paths.set(name, `${paths.get(name) ?? ""}M${seat.x} ${seat.y.toFixed(2)}h0`);
    }
    return [...paths].map(([name, d]) => svg("path", { class: `plan__dots ${name}`, d }));
  }

  stage(middle, y, width, height, size) {
    const words = svg("text", { x: middle, y: y + height * 0.7, "font-size": size }, this.look.words.stage);
    return svg("g", { class: "plan__stage" }, svg("rect", { x: middle - width / 2, y, width, height, rx: height / 3 }), words);
  }

  // ── One section ──
  openBlock(block) {
    this.block = block;
    this.cells.clear();
    const left = 1.6;
    const top = block.curve + 1.6;
    this.across = block.width + 2 * left;
    this.down = block.height + top + 0.4;
    this.grid = svg("svg", { class: "seat-grid", role: "grid", viewBox: `0 0 ${this.across * UNIT} ${this.down * UNIT}`, "aria-label": block.name });
    const stage = this.stage((this.across * UNIT) / 2, 6, block.width * UNIT * 0.5, UNIT, 18);
    stage.setAttribute("aria-hidden", "true");
    this.grid.append(stage);
    this.box.replaceChildren(this.grid);
    const first = this.look.firstOf(block) ?? block.seats[0];
    const rows = [...block.rows];
    // Huge sections come in portions, so that the page answers meanwhile; the seat to start from is in the first.
    const more = (grid = this.grid) => {
      if (grid !== this.grid) return;
      for (let count = 0; rows.length && (count < PORTION || !this.cells.has(first.number)); ) count += this.drawRow(rows.shift(), left, top);
      if (rows.length) requestAnimationFrame(() => more(grid));
    };
    more();
    this.rove(first.number);
    const fit = this.box.clientWidth / this.across;
    this.zoomTo(matchMedia("(pointer: coarse)").matches ? FINGER_PX : Math.max(Math.min(fit, FINGER_PX), 24));
    this.box.scrollTo((this.box.scrollWidth - this.box.clientWidth) / 2, 0);
  }

  drawRow(row, left, top) {
    const group = svg("g", { role: "row", "aria-label": this.look.words.row.replace("{row}", row.name) });
    for (const [seat, step] of [[row.seats[0], -1], [row.seats.at(-1), 1]])
      group.append(svg("text", { class: "seat-grid__row", x: (left + seat.x + step + 0.5) * UNIT, y: (top + seat.y + 0.66) * UNIT, "aria-hidden": "true" }, row.name));
    for (const seat of row.seats) {
      const cell = svg("g", { role: "gridcell", transform: `translate(${(left + seat.x) * UNIT} ${(top + seat.y) * UNIT})` });
      cell.seat = seat;
      this.cells.set(seat.number, cell);
      this.paint(cell);
      group.append(cell);
    }
    this.grid.append(group);
    return row.seats.length;
  }

  // Shows the states as they are now; touches only what changed.
  refresh() {
    if (!this.block) return this.drawAll();
    for (const cell of this.cells.values()) this.paint(cell);
  }

  paint(cell) {
    const { seat } = cell;
    const state = this.look.stateOf(seat);
    if (cell.state === state) return;
    cell.state = state;
    cell.setAttribute("class", `seat ${state === "free" ? `seat--${this.look.colourOf(seat.pool)}` : `is-${state}`}`);
    cell.setAttribute("aria-label", this.look.nameOf(seat));
    cell.setAttribute("aria-selected", state === "yours");
    cell.setAttribute("aria-disabled", state === "taken");
    cell.replaceChildren(svg("path", { d: SHAPES[state] }));
    if (state === "yours") cell.append(svg("path", { class: "seat__tick", d: "m12 21 6 6 11-13" }));
    else if (state === "free") cell.append(seat.accessible ? svg("use", { href: this.look.icon, x: 9, y: 9, width: 22, height: 22 }) : svg("text", { x: 20, y: 26 }, seat.label));
  }

  zoomTo(px, seat) {
    const { box } = this;
    const middle = (scroll, size, whole) => (scroll + size / 2) / Math.max(whole, size);
    const at = seat ? [(seat.x + 2) / this.across, (seat.y + 2) / this.down] : [middle(box.scrollLeft, box.clientWidth, box.scrollWidth), middle(box.scrollTop, box.clientHeight, box.scrollHeight)];
    this.px = Math.min(Math.max(px, Math.min(12, box.clientWidth / this.across)), LARGEST_PX);
    this.grid.setAttribute("width", this.across * this.px);
    this.grid.setAttribute("height", this.down * this.px);
    this.grid.classList.toggle("is-small", this.px < 22);
    box.scrollTo(at[0] * box.scrollWidth - box.clientWidth / 2, at[1] * box.scrollHeight - box.clientHeight / 2);
  }

  rove(number, isFocused) {
    const cell = this.cells.get(number);
    if (!cell) return; // not drawn yet
    this.current?.removeAttribute("tabindex");
    this.current = cell;
    cell.setAttribute("tabindex", 0);
    if (isFocused) cell.focus();
  }

  handleEvent(event) {
    const cell = event.target.closest("[role=gridcell]");
    if (!cell) return;
    if (event.type === "keydown") this.key(event, cell.seat);
    else if (event.type === "click") {
      this.rove(cell.seat.number);
      if (event.pointerType === "touch" && this.px < FINGER_PX) this.zoomTo(FINGER_PX, cell.seat);
      else this.look.pick(cell.seat);
    } else this.look.point(cell.seat);
  }

  key(event, seat) {
    const { rows } = this.block;
    const at = rows.indexOf(seat.row);
    const { seats } = seat.row;
    const along = seats.indexOf(seat);
    const above = (row) => row?.seats.reduce((best, each) => (Math.abs(each.x - seat.x) < Math.abs(best.x - seat.x) ? each : best));
    const all = event.ctrlKey ? this.block.seats : seats;
    const next = { ArrowLeft: seats[along - 1], ArrowRight: seats[along + 1], ArrowUp: above(rows[at - 1]), ArrowDown: above(rows[at + 1]), Home: all[0], End: all.at(-1) };
    if (event.key === " " || event.key === "Enter") this.look.pick(seat);
    else if (event.key === "Escape") this.look.leave();
    else if (!(event.key in next)) return;
    else if (next[event.key]) this.rove(next[event.key].number, true);
    event.preventDefault();
  }
}
