// The answer that fills the screen: colour, shape, word, names; said aloud to screen readers as well.

const RETURN_AFTER_MS = { admit: 4000 };
const LONG_WORD = 12;

export class Verdict {
  /**
   * `onNext()` hears when the steward goes on; `onCancel()` when they stop waiting for an answer. `returnAfterMs` says
   * which answers go by themselves, and when.
   */
  constructor({ root, said, words, onNext, onCancel, returnAfterMs = RETURN_AFTER_MS }) {
    this.root = root;
    this.said = said;
    this.words = words;
    this.onNext = onNext;
    this.returnAfterMs = returnAfterMs;
    this.part = (name) => root.querySelector(`[data-${name}]`);
    this.part("next").addEventListener("click", () => this.close());
    this.part("cancel").addEventListener("click", () => onCancel());
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.part("next").hidden) this.close();
      if (event.key === "Tab") this.#keepFocus(event);
    });
  }

  get isOpen() {
    return !this.root.hidden;
  }

  /** The question is on its way. */
  checking() {
    this.#show("wait", { word: this.words.checking, canGoOn: false });
  }

  /** No answer yet: the question is being repeated. */
  waiting() {
    this.#show("wait", { word: this.words.waitTitle, summary: this.words.waitText, canGoOn: false, canCancel: true });
    this.#say(`${this.words.waitTitle}. ${this.words.waitText}`);
  }

  answer(answer) {
    const isAdmit = answer.verdict === "admit";
    const word = isAdmit ? this.words.admit : answer.title;
    const summary = isAdmit && answer.is_repeat ? this.words.admitAgain : answer.summary;
    const small = [answer.booking_reference, answer.live ? this.words.liveCode : "", isAdmit ? "" : answer.code].filter(Boolean).join(" · ");
    const guest = { holder: answer.holder_name, "ticket-type": answer.ticket_type, place: answer.place, entrance: answer.entrance };
    const remark = (answer.remark && this.words[`remark_${answer.remark}`]) || "";
    this.#show(answer.verdict, { word, summary, guest, small, remark, canGoOn: true });
    this.#say([word, remark, summary, ...Object.values(guest)].filter(Boolean).join(". "));
    if (!remark) this.#returnAfter(this.returnAfterMs[answer.verdict]); // somebody has to read it first
  }

  /** The request itself was refused. */
  problem(document) {
    const word = document.title ?? this.words.problemTitle;
    this.#show("refuse", { word, summary: document.detail, small: document.code, canGoOn: true });
    this.#say([word, document.detail].filter(Boolean).join(". "));
  }

  close() {
    clearTimeout(this.timeout);
    if (!this.isOpen) return;
    this.root.hidden = true;
    this.said.textContent = "";
    document.documentElement.classList.remove("has-verdict");
    this.cameFrom?.focus?.({ preventScroll: true });
    this.onNext();
  }

  #show(colour, { word, summary = "", guest = {}, small = "", remark = "", canGoOn, canCancel = false }) {
    clearTimeout(this.timeout);
    if (!this.isOpen) this.cameFrom = document.activeElement;
    this.root.dataset.colour = colour;
    this.part("word").textContent = word;
    this.part("word").classList.toggle("is-long", word.length > LONG_WORD);
    this.part("summary").textContent = summary ?? "";
    for (const name of ["holder", "ticket-type", "place", "entrance"]) this.part(name).textContent = guest[name] ?? "";
    this.part("small").textContent = small ?? "";
    const remarked = this.root.querySelector("[data-remark]");
    remarked.hidden = !remark;
    remarked.querySelector("span").textContent = remark;
    this.part("next").hidden = !canGoOn;
    this.part("cancel").hidden = !canCancel;
    this.part("timer").hidden = true;
    document.documentElement.classList.add("has-verdict");
    this.root.hidden = false;
    const target = canGoOn ? this.part("next") : canCancel ? this.part("cancel") : null;
    target?.focus({ preventScroll: true });
  }

  #returnAfter(pause) {
    if (!pause) return;
    const timer = this.part("timer");
    timer.hidden = false;
    timer.getAnimations?.().forEach((animation) => animation.cancel());
    timer.animate?.([{ transform: "scaleX(1)" }, { transform: "scaleX(0)" }], { duration: pause, fill: "forwards" });
    this.timeout = setTimeout(() => this.close(), pause);
  }

  #say(text) {
    this.said.textContent = text;
  }

  #keepFocus(event) {
    const buttons = [...this.root.querySelectorAll("button:not([hidden])")];
    if (!buttons.length) return event.preventDefault();
    const last = buttons.at(event.shiftKey ? 0 : -1);
    if (document.activeElement === last || !this.root.contains(document.activeElement)) {
      event.preventDefault();
      buttons.at(event.shiftKey ? -1 : 0).focus();
    }
    return undefined;
  }
}
