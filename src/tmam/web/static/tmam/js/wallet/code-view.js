// One ticket, its code as large as the screen allows, made anew every 15 seconds.
import { STEP_MS, stepOf } from "./live-code.js";
import { fill, make, part, say, words } from "./parts.js";
import { qrPath } from "./qr.js";

const TICK_MS = 250;
const SWIPE_PX = 60;

export class CodeView {
  constructor(wallet, language) {
    Object.assign(this, { wallet, language, at: 0, step: null, timer: null, lamp: null });
    part("previous").addEventListener("click", () => this.turn(-1));
    part("next").addEventListener("click", () => this.turn(1));
    const stage = part("view='code'");
    let from = null;
    stage.addEventListener("touchstart", (event) => (from = event.touches.length === 1 ? event.touches[0] : null), { passive: true });
    stage.addEventListener("touchend", (event) => {
      if (!from) return;
      const [dx, dy] = [event.changedTouches[0].clientX - from.clientX, event.changedTouches[0].clientY - from.clientY];
      if (Math.abs(dx) > SWIPE_PX && Math.abs(dx) > 2 * Math.abs(dy)) this.turn(dx < 0 ? 1 : -1);
    }, { passive: true });
    document.addEventListener("keydown", (event) => {
      if (this.timer === null) return;
      if (event.key === "ArrowRight") this.turn(1);
      if (event.key === "ArrowLeft") this.turn(-1);
    });
    document.addEventListener("visibilitychange", () => this.timer !== null && !document.hidden && this.#keepAwake());
  }

  open(record) {
    this.at = Math.max(0, this.wallet.tickets.indexOf(record));
    this.#show();
    this.#keepAwake();
    this.timer ??= setInterval(() => this.#tick(), TICK_MS);
  }

  close() {
    clearInterval(this.timer);
    this.timer = null;
    this.step = null;
    this.lamp?.release().catch(() => {});
    this.lamp = null;
  }

  turn(by) {
    const next = this.at + by;
    if (next < 0 || next >= this.wallet.tickets.length) return;
    this.at = next;
    this.#show();
    say(part("count").textContent);
  }

  get record() {
    return this.wallet.tickets[this.at];
  }

  #show() {
    const { record } = this;
    const face = record.faces[this.language];
    part("title").textContent = face.title;
    part("count").textContent = fill(words.ticketOf, { number: this.at + 1, total: this.wallet.tickets.length });
    part("facts").replaceChildren(
      fact(words.day, face.day),
      fact(words.time, face.ends ? `${face.time} – ${face.ends}` : face.time, [face.zone, face.doors && fill(words.doors, { time: face.doors })].filter(Boolean).join(" · ")),
      ...(face.entrance ? [fact(words.entrance, face.entrance)] : []),
      fact(words.where, face.venue, face.address),
      fact(words.place, face.place || face.type, [face.place && face.type, face.dateLabel].filter(Boolean).join(" · ")),
    );
    part("more").replaceChildren(
      ...[[words.name, face.holder], [words.reference, record.reference], [words.organizer, face.organizer], [words.rules, face.policy]]
        .filter(([, value]) => value)
        .map(([name, value]) => fact(name, value)),
    );
    const isOne = this.wallet.tickets.length === 1;
    part("previous").hidden = part("next").hidden = part("count").hidden = isOne;
    part("previous").disabled = this.at === 0;
    part("next").disabled = this.at === this.wallet.tickets.length - 1;
    this.step = null;
    this.wallet.noteShown(record);
    this.#tick();
  }

  async #tick() {
    if (!this.record) return;
    const now = this.wallet.now();
    const step = stepOf(now);
    const left = Math.ceil((STEP_MS - (now % STEP_MS)) / 1000);
    part("ring").setAttribute("stroke-dashoffset", String(100 - (100 * (STEP_MS - (now % STEP_MS))) / STEP_MS));
    part("stage-words").textContent = fill(words.newCodeIn, { seconds: left });
    if (step === this.step) return;
    this.step = step;
    const { record } = this;
    const code = await this.wallet.code(record, step);
    if (record === this.record && step === this.step) part("code").setAttribute("d", qrPath(code));
  }

  async #keepAwake() {
    this.lamp = await navigator.wakeLock?.request("screen").catch(() => null);
  }
}

function fact(name, value, small = "") {
  return make("div", "", make("dt", "", name), make("dd", "", value, small ? make("small", "", small) : null));
}
