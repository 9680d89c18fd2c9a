// Talks to the server: asks again until a definite answer comes, always with the attempt's own nonce.
import { attemptAnswered, nonceFor } from "./kept.js";

const TIMEOUT_MS = 6000;
const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 5000;

/** The server said no to the request itself: a problem document. `status` 401 means signed out. */
export class Problem extends Error {
  constructor(status, document) {
    super(document.title ?? String(status));
    this.status = status;
    this.document = document;
  }
}

export class Desk {
  /** `onLink(isUp)` hears whenever the connection was seen to work or not. */
  constructor({ scanner, addresses, language, onLink }) {
    this.scanner = scanner;
    this.addresses = addresses;
    this.language = language;
    this.onLink = onLink;
  }

  /**
   * One attempt to enter. Resolves with the answer; rejects with Problem, or AbortError through `signal`.
   * `onWait()` is called when the first try got no answer and the question is being repeated.
   */
  async scan({ code, serial }, { signal, onWait }) {
    const attempt = code ?? `#${serial}`;
    const body = { nonce: nonceFor(attempt), date: this.scanner.date };
    if (code === undefined) body.serial = serial;
    else body.code = code;
    let pause = FIRST_PAUSE_MS;
    for (;;) {
      try {
        const answer = await this.#ask(this.addresses.scans, { method: "POST", body: JSON.stringify(body), signal });
        attemptAnswered(attempt);
        return answer;
      } catch (error) {
        if (signal?.aborted) throw error;
        if (error instanceof Problem && error.status < 500 && error.status !== 429) {
          attemptAnswered(attempt);
          throw error;
        }
        onWait();
        await somethingHappens(pause, signal);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  /** The tickets of a booking reference. */
  async lookup(typed) {
    return this.#ask(`${this.addresses.lookup}?typed=${encodeURIComponent(typed)}`, {});
  }

  /** How many are in, of how many. */
  async progress() {
    const date = this.scanner.date ?? "";
    return this.#ask(`${this.addresses.progress}?date=${date}`, {});
  }

  async leave() {
    return this.#ask(this.addresses.leave, { method: "POST" });
  }

  async #ask(address, { signal, ...options }) {
    const limit = AbortSignal.timeout(TIMEOUT_MS);
    const headers = {
      Accept: "application/json",
      "Accept-Language": this.language,
      Authorization: `Device ${this.scanner.key}`,
    };
    if (options.body) headers["Content-Type"] = "application/json";
    let response;
    try {
      response = await fetch(address, { ...options, headers, cache: "no-store", signal: either(limit, signal) });
    } catch (error) {
      if (!signal?.aborted) this.onLink(false);
      throw error;
    }
    this.onLink(response.status < 502 || response.status > 504);
    const isJson = response.headers.get("Content-Type")?.includes("json");
    const document = isJson ? await response.json() : {};
    if (!response.ok || !isJson) throw new Problem(response.ok ? 502 : response.status, document);
    return document;
  }
}

function either(first, second) {
  if (!second) return first;
  if (AbortSignal.any) return AbortSignal.any([first, second]);
  const both = new AbortController();
  for (const one of [first, second]) one.addEventListener("abort", () => both.abort(one.reason), { once: true });
  return both.signal;
}

/** Wait for the pause to pass or for the network to come back, whichever is first. */
function somethingHappens(pause, signal) {
  return new Promise((resolve, reject) => {
    const done = (settle) => () => {
      clearTimeout(timer);
      window.removeEventListener("online", back);
      settle(signal?.reason);
    };
    const back = done(() => resolve());
    const timer = setTimeout(back, pause);
    window.addEventListener("online", back);
    signal?.addEventListener("abort", done(reject), { once: true });
  });
}
