// The seats of the order form: plan or best available, what is picked, and what others take meanwhile.
import { listen } from "../availability.js";
import { money } from "../money.js";
import { Paper } from "./paper.js";
import { nearest, readPlan, readTaken } from "./plan.js";

const home = document.querySelector("[data-seats]");
const form = home.closest("form");
const words = JSON.parse(home.dataset.words);
const part = (name) => home.querySelector(`[data-${name}]`);
const types = [...form.querySelectorAll("[data-seat-type]")].map((line) => ({ ...line.dataset, line }));
const picks = new Map(); // seat → its line in the list
const live = document.getElementById("live");
let isTaken = () => false;
let plan;
let paper;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const title = (seat) => fill(words.name, { block: seat.row.block.name, row: seat.row.name, seat: seat.label });
const typesOf = (pool) => types.filter((type) => type.pool === String(pool));
const usuals = new Map(types.map(({ pool }) => [Number(pool), typesOf(pool).find((type) => !("needsCode" in type) && type.line.querySelector("input")) ?? typesOf(pool)[0]]));
const usual = (pool) => usuals.get(pool);
const stateOf = (seat) => (picks.has(seat) ? "yours" : isTaken(seat.number) || !usual(seat.pool) ? "taken" : "free");

function nameOf(seat) {
  const type = usual(seat.pool);
  const state = words[stateOf(seat)];
  return [title(seat), seat.accessible && words.wheelchair, type && money(type.seatPrice), state].filter(Boolean).join(" · ");
}

function changed() {
  paper?.refresh();
  remember();
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// Into the address, so that neither a reload nor the way back loses what was picked.
function remember() {
  const address = new URL(window.location);
  for (const name of [...address.searchParams.keys()]) if (name.startsWith("seat-")) address.searchParams.delete(name);
  if (picks.size) address.searchParams.set("date", form.elements.date.value);
  for (const { name, value } of part("picks").querySelectorAll("[name]")) address.searchParams.set(name, value);
  if (address.href !== window.location.href) window.history.replaceState(null, "", address);
}

// ── What is picked ──
function element(name, attributes, ...children) {
  const node = Object.assign(document.createElement(name), attributes);
  node.append(...children);
  return node;
}

function add(seat, wanted) {
  const choices = typesOf(seat.pool);
  const type = choices.find((each) => each.seatType === wanted) ?? usual(seat.pool);
  const name = `seat-${seat.number}`;
  let field;
  if (choices.length > 1) {
    const options = choices.map((each) => new Option(`${each.line.querySelector(".type__name").textContent} · ${money(each.seatPrice)}`, each.seatType, false, each === type));
    field = element("select", { className: "input", name, ariaLabel: fill(words.type, { seat: title(seat) }) }, ...options);
  } else field = element("input", { type: "hidden", name, value: type.seatType });
  const price = element("span", { className: "price" });
  const priced = () => {
    field.dataset.priceMinor = choices.find((each) => each.seatType === field.value).seatPrice;
    price.textContent = choices.length > 1 ? "" : money(field.dataset.priceMinor);
  };
  field.dataset.count = 1;
  field.addEventListener("input", () => (priced(), remember())); // before the form adds up
  priced();
  const remove = element("button", { type: "button", className: "button button--quiet button--small", textContent: "×", ariaLabel: fill(words.remove, { seat: title(seat) }) });
  remove.addEventListener("click", () => {
    toggle(seat);
    (part("picks").querySelector("button") ?? part("section")).focus();
  });
  const line = element("li", {}, element("span", { className: "seats__name", textContent: title(seat) }), field, price, remove);
  picks.set(seat, line);
  part("picks").append(line);
}

function drop(seat) {
  picks.get(seat)?.remove();
  picks.delete(seat);
}

function toggle(seat) {
  part("news").replaceChildren();
  if (picks.has(seat)) {
    drop(seat);
    live.textContent = fill(words.left_out, { seat: title(seat) });
  } else if (stateOf(seat) === "taken") {
    live.textContent = nameOf(seat);
  } else {
    const type = usual(seat.pool);
    const most = Math.min(home.dataset.most, type.seatMost);
    const same = [...picks.keys()].filter((each) => usual(each.pool) === type).length;
    if (picks.size >= home.dataset.most || (typesOf(seat.pool).length === 1 && same >= most)) {
      part("news").replaceChildren(element("p", { textContent: fill(words.most, { most }) }));
      return;
    }
    add(seat);
    live.textContent = fill(words.chosen, { seat: title(seat) });
  }
  changed();
  look.point(seat);
}

// ── What others take ──
function lost(gone) {
  const names = gone.map(title).join("; ");
  const said = element("p", { textContent: fill(words.gone, { seats: names }) });
  const instead = [];
  for (const seat of gone) {
    const free = nearest(plan, seat, (each) => stateOf(each) === "free" && !instead.includes(each));
    if (free) instead.push(free);
  }
  gone.forEach(drop);
  part("news").replaceChildren(said);
  if (instead.length < gone.length) return;
  const take = element("button", { type: "button", className: "button button--secondary", textContent: fill(words.instead, { seats: instead.map(title).join("; ") }) });
  take.addEventListener("click", () => {
    part("news").replaceChildren();
    instead.filter((seat) => stateOf(seat) === "free").forEach((seat) => add(seat));
    live.textContent = instead.map((seat) => fill(words.chosen, { seat: title(seat) })).join(". ");
    changed();
  });
  part("news").append(take);
}

// ── The plan ──
const look = {
  words,
  icon: home.dataset.icon,
  stateOf,
  nameOf,
  colourOf: (pool) => typesOf(pool)[0]?.category ?? 0,
  firstOf: (block) => block.seats.find((seat) => picks.has(seat)) ?? block.seats.find((seat) => stateOf(seat) === "free"),
  pick: toggle,
  point: (seat) => (part("caption").textContent = nameOf(seat)),
  open,
  leave,
};

function open(block, isAsked = true) {
  part("section").textContent = block.name;
  part("all").hidden = plan.blocks.length < 2;
  part("zooms").hidden = false;
  part("sections").hidden = true;
  paper.openBlock(block);
  if (plan.blocks.length > 1 && isAsked) part("section").focus();
}

function leave() {
  if (plan.blocks.length < 2) return;
  const left = paper.block;
  paper.block = null;
  part("section").textContent = words.sections;
  part("all").hidden = part("zooms").hidden = true;
  part("sections").hidden = false;
  part("caption").textContent = "\u00a0";
  paper.drawAll();
  part("sections").children[plan.blocks.indexOf(left)]?.firstChild.focus();
}

function listSections() {
  const list = part("sections");
  for (const [i, block] of plan.blocks.entries()) {
    if (!list.children[i]) {
      const button = element("button", { type: "button" }, element("strong", { textContent: block.name }), element("span", {}));
      button.addEventListener("click", () => open(block));
      list.append(element("li", {}, button));
    }
    const free = block.seats.filter((seat) => stateOf(seat) === "free").length;
    const prices = types.filter(({ pool }) => block.pools.has(Number(pool))).map(({ seatPrice }) => seatPrice);
    const price = prices.length ? ` · ${fill(words.from, { price: money(Math.min(...prices)) })}` : "";
    list.children[i].firstChild.lastChild.textContent = fill(words.count, { count: free }) + price;
  }
}

function fresh(document) {
  if (!document.seats || form.querySelector("[aria-busy=true]")) return; // on its way to the basket: ours look taken
  isTaken = readTaken(document.seats);
  const gone = [...picks.keys()].filter((seat) => isTaken(seat.number));
  if (gone.length) lost(gone);
  if (!paper) {
    paper = new Paper(part("paper"), plan, look);
    const [first] = picks.keys();
    if (first) open(first.row.block, false);
    else if (plan.blocks.length === 1) open(plan.blocks[0], false);
  }
  changed();
  if (plan.blocks.length > 1) listSections();
}

// ── Plan or best available ──
function choose(way) {
  form.dataset.seatsBy = way;
  home.querySelector(`[value=${way}]`).checked = true;
  for (const { line } of types) for (const field of line.querySelectorAll("input, select")) field.disabled = way === "plan";
  for (const field of part("picks").querySelectorAll("[name]")) field.disabled = way !== "plan";
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

home.addEventListener("change", (event) => event.target.name === "seats-by" && choose(event.target.value));
part("all").addEventListener("click", leave);
part("zooms").addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  if (button) paper.zoomTo(paper.px * 1.35 ** Number(button.dataset.zoom));
});

const typed = [...part("picks").querySelectorAll("input")].map(({ name, value }) => [Number(name.slice(5)), value]);
choose(!typed.length && types.some(({ line }) => Number(line.querySelector("input")?.value) > 0) ? "best" : "plan");
try {
  plan = readPlan(await (await fetch(home.dataset.plan)).json());
  part("picks").replaceChildren();
  for (const [number, type] of typed) if (plan.byNumber[number]) add(plan.byNumber[number], type);
  listen(fresh);
} catch {
  part("box").replaceChildren(element("p", { textContent: words.failed }));
  choose("best");
}
