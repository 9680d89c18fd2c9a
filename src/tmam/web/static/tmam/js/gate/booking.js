// People without a phone or a code: a booking's tickets by name, with a button each; and the list of last scans.

const MOST_LAST = 20;

export function fill(words, facts) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
}

export class Booking {
  /** `onAdmit(ticket)` hears when the steward lets one in. */
  constructor({ root, line, words, onAdmit }) {
    Object.assign(this, { root, line, words, onAdmit });
    root.querySelector("[data-booking-close]").addEventListener("click", () => this.close());
  }

  show({ booking_reference: reference, name, tickets }) {
    const title = this.root.querySelector("[data-booking-title]");
    title.textContent = [fill(this.words.bookingFound, { reference }), name].filter(Boolean).join(" · ");
    this.root.querySelector("[data-booking-tickets]").replaceChildren(...tickets.map((each) => this.#ticket(each)));
    this.root.hidden = false;
    title.focus();
  }

  close() {
    this.root.hidden = true;
  }

  #ticket(ticket) {
    const item = this.line.content.firstElementChild.cloneNode(true);
    const name = ticket.holder_name || this.words.noName;
    item.querySelector("[data-name]").textContent = name;
    item.querySelector("[data-what]").textContent = [ticket.ticket_type, ticket.place, ticket.starts]
      .filter(Boolean)
      .join(" · ");
    const state = item.querySelector("[data-state]");
    const button = item.querySelector("[data-admit]");
    const isGood = ticket.state === "valid" && !ticket.used_at;
    state.hidden = isGood;
    button.hidden = !isGood;
    if (ticket.used_at) {
      state.textContent = fill(this.words.used, { gate: ticket.used_gate, at: ticket.used_at });
      state.classList.add("tag--warning");
    } else if (!isGood) {
      state.textContent = this.words[ticket.state];
      state.classList.add("tag--danger");
    }
    button.textContent = this.words.admitButton;
    button.setAttribute("aria-label", fill(this.words.admitName, { name }));
    button.addEventListener("click", () => this.onAdmit(ticket));
    return item;
  }
}

export class LastScans {
  constructor({ root, line }) {
    Object.assign(this, { root, line });
  }

  /** `at` is an instant, `time` the same on the clock of the place. */
  add({ verdict, word, who, at, time: timeWords }) {
    const item = this.line.content.firstElementChild.cloneNode(true);
    item.dataset.colour = verdict;
    for (const mark of item.querySelectorAll("[data-mark]")) if (mark.dataset.mark !== verdict) mark.remove();
    item.querySelector("[data-word]").textContent = word;
    item.querySelector("[data-who]").textContent = who;
    const time = item.querySelector("[data-at]");
    time.textContent = timeWords;
    time.dateTime = at;
    const list = this.root.querySelector("[data-last-list]");
    list.prepend(item);
    while (list.children.length > MOST_LAST) list.lastElementChild.remove();
    this.root.hidden = false;
  }
}
