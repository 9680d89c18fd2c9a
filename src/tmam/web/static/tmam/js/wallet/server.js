// Talking to the server: each message is signed by this phone's key over a challenge; no cookie proves anything.
import { toBase64, utf8 } from "./bytes.js";

const ADDRESS = "/wallet/api/";
const PATIENCE_MS = 15_000;

/** The server answered with a problem document. */
export class Problem extends Error {
  constructor(document, status) {
    super(document.title ?? String(status));
    Object.assign(this, { code: document.code ?? "", title: document.title ?? "", detail: document.detail ?? "", status });
  }
}

export class Server {
  constructor({ publicKey, sign, language }) {
    Object.assign(this, { publicKey, sign, language });
    this.clockOffset = null; // the server's clock minus ours, in milliseconds; null before the first contact
  }

  /** Send a message for a purpose (`take`, `sync`, `leave`); promises the answer. */
  async send(purpose, content) {
    const challenge = await this.#challenge();
    const body = JSON.stringify(content);
    const signature = await this.sign(utf8(["tmam-wallet-1", purpose, challenge, body].join("\n")));
    const message = { key: toBase64(this.publicKey), challenge, body, signature: toBase64(signature) };
    return this.#ask(purpose, { method: "POST", body: JSON.stringify(message), headers: { "Content-Type": "application/json" } });
  }

  async #challenge() {
    const sentAt = Date.now();
    const { challenge, now } = await this.#ask("challenge", {});
    this.clockOffset = now - (sentAt + Date.now()) / 2;
    return challenge;
  }

  async #ask(what, options) {
    const headers = { ...options.headers, Accept: "application/json", "Accept-Language": this.language };
    const answer = await fetch(`${ADDRESS}${what}/`, {
      ...options, headers, cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const document = await answer.json();
    if (!answer.ok) throw new Problem(document, answer.status);
    return document;
  }
}
