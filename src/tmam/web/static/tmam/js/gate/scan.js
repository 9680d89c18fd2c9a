// The scanner page: one attempt at a time, from the camera, a hand scanner, the keyboard or a booking's list.
import { Booking, LastScans, fill } from "./booking.js";
import { Camera, CameraProblem } from "./camera.js";
import { Desk, Problem } from "./desk.js";
import { forgetScanner, keepSound, keptScanner, soundWanted } from "./kept.js";
import { Reader } from "./reader.js";
import { Signals } from "./signals.js";
import { Verdict } from "./verdict.js";
import { listenToHandScanner } from "./wedge.js";

const SAME_CODE_REST_MS = 3000;
const CHECKING_AFTER_MS = 250;
const PROGRESS_EVERY_MS = 5000;
const LONGEST_REFERENCE = 20;

class Scanner {
  constructor(root, scanner) {
    this.root = root;
    this.scanner = scanner;
    this.words = JSON.parse(document.getElementById("words").textContent);
    this.part = (name) => root.querySelector(`[data-${name}]`);
    const language = document.documentElement.lang;
    this.desk = new Desk({ scanner, addresses: root.dataset, language, onLink: (isUp) => this.showLink(isUp) });
    this.signals = new Signals(soundWanted());
    this.verdict = new Verdict({
      root: this.part("verdict"),
      said: document.getElementById("said"),
      words: this.words,
      onNext: () => this.ready(),
      onCancel: () => this.cancel(),
    });
    this.booking = new Booking({
      root: this.part("booking"),
      line: document.getElementById("ticket-line"),
      words: this.words,
      onAdmit: (ticket) => this.attempt({ serial: ticket.serial }),
    });
    this.last = new LastScans({ root: this.part("last"), line: document.getElementById("scan-line") });
    this.camera = new Camera(this.part("video"), () => this.cameraOff("cameraFailed"));
    this.reader = new Reader({
      video: this.part("video"),
      reader: root.dataset.reader,
      wasm: root.dataset.wasm,
      onCode: (code) => this.seen(code),
    });
    this.resting = { code: null, until: 0 };
  }

  async open() {
    document.title = `${this.scanner.event} · ${document.title}`;
    this.part("event").textContent = this.scanner.event;
    this.part("where").textContent = `${this.scanner.gate} · ${this.scanner.dateWords}`;
    this.root.hidden = false;
    this.listen();
    this.showSound();
    this.showLink(navigator.onLine);
    this.showProgress();
    setInterval(() => document.hidden || this.showProgress(), PROGRESS_EVERY_MS);
    if (await Camera.isAllowed()) await this.startCamera();
  }

  listen() {
    const on = (name, event, act) => this.part(name).addEventListener(event, act);
    document.addEventListener("pointerdown", () => this.signals.wake());
    document.addEventListener("keydown", () => this.signals.wake());
    window.addEventListener("offline", () => this.showLink(false));
    window.addEventListener("online", () => this.showProgress());
    listenToHandScanner((code) => {
      if (!this.asking) this.attempt({ code });
    });
    on("start", "click", () => this.startCamera());
    on("switch", "click", () => this.switchCamera());
    on("torch", "click", () => this.toggleLight());
    on("sound", "click", () => this.toggleSound());
    on("leave-button", "click", () => this.leave());
    on("type", "submit", (event) => {
      event.preventDefault();
      this.typed(event.target.elements.typed);
    });
  }

  /** The camera sees a code: the one just answered has to rest, or it would be read again at once. */
  seen(code) {
    if (this.asking || this.verdict.isOpen) return;
    if (code === this.resting.code && performance.now() < this.resting.until) {
      return;
    }
    this.attempt({ code });
  }

  async typed(field) {
    const text = field.value.trim();
    this.showTypeProblem("");
    if (!text || this.asking) return field.focus();
    if (text.replace(/\s/g, "").length > LONGEST_REFERENCE) {
      field.value = "";
      return this.attempt({ code: text });
    }
    try {
      this.booking.show(await this.desk.lookup(text));
      field.value = "";
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return this.signedOut();
      this.showTypeProblem(error instanceof Problem ? problemWords(error) : this.words.offline);
      field.focus();
    }
    return undefined;
  }

  /** Ask whether somebody may enter, and show the answer. */
  async attempt(what) {
    this.asking = new AbortController();
    this.reader.isPaused = true;
    const slow = setTimeout(() => this.verdict.checking(), CHECKING_AFTER_MS);
    try {
      const answer = await this.desk.scan(what, {
        signal: this.asking.signal,
        onWait: () => {
          clearTimeout(slow);
          this.verdict.waiting();
        },
      });
      clearTimeout(slow);
      this.answered(answer);
    } catch (error) {
      clearTimeout(slow);
      this.failed(error);
    } finally {
      this.asking = null;
      this.resting.code = what.code ?? null;
    }
  }

  answered(answer) {
    this.verdict.answer(answer);
    this.signals.give(answer.verdict);
    this.booking.close();
    const word = answer.verdict === "admit" ? this.words.admit : answer.title;
    const who = [answer.holder_name, answer.ticket_type].filter(Boolean).join(" · ");
    this.last.add({ verdict: answer.verdict, word, who, at: answer.at, time: answer.time });
    if (answer.verdict === "admit") this.showProgress();
  }

  failed(error) {
    if (!(error instanceof Problem)) return this.verdict.close(); // the steward stopped waiting
    if (error.status === 401) return this.signedOut();
    this.verdict.problem(error.document);
    return this.signals.give("refuse");
  }

  /** Stop waiting. The attempt keeps its nonce: asked again, it cannot count twice. */
  cancel() {
    this.asking?.abort();
    this.verdict.close();
  }

  ready() {
    this.resting.until = performance.now() + SAME_CODE_REST_MS;
    this.reader.isPaused = false;
  }

  async startCamera(deviceId) {
    const button = this.part("start");
    button.disabled = true;
    this.part("panel-words").textContent = this.words.cameraStarting;
    try {
      await this.camera.start(deviceId);
      await this.reader.start();
    } catch (error) {
      this.camera.stop();
      this.cameraOff(error instanceof CameraProblem ? error.words : "decoderFailed");
      return;
    } finally {
      button.disabled = false;
    }
    this.part("video").hidden = false;
    this.part("frame").hidden = false;
    this.part("panel").hidden = true;
    this.part("torch").hidden = !this.camera.hasLight;
    this.part("switch").hidden = (await this.camera.nextCamera()) === null;
  }

  cameraOff(words) {
    this.reader.stop();
    for (const name of ["video", "frame", "torch", "switch"]) this.part(name).hidden = true;
    this.part("panel").hidden = false;
    this.part("panel-words").textContent = this.words[words];
    this.part("start-words").textContent = this.words.retryCamera;
  }

  async switchCamera() {
    await this.startCamera(await this.camera.nextCamera());
  }

  async toggleLight() {
    const isOn = await this.camera.setLight(this.part("torch").getAttribute("aria-pressed") !== "true");
    this.part("torch").setAttribute("aria-pressed", String(isOn));
  }

  toggleSound() {
    this.signals.isWanted = !this.signals.isWanted;
    keepSound(this.signals.isWanted);
    this.showSound();
    this.signals.give("admit");
  }

  showSound() {
    this.part("sound").setAttribute("aria-pressed", String(this.signals.isWanted));
    this.part("sound-words").textContent = this.signals.isWanted ? this.words.soundOn : this.words.soundOff;
  }

  async showProgress() {
    try {
      this.part("count").textContent = fill(this.words.progress, await this.desk.progress());
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.signedOut();
      // Otherwise the connection's sign says it; the last count stays.
    }
  }

  showLink(isUp) {
    const state = isUp ? "online" : "offline";
    if (this.part("link").dataset.state === state) return;
    this.part("link").dataset.state = state;
    this.part("link-words").textContent = this.words[state];
  }

  showTypeProblem(words) {
    const problem = this.part("type-problem");
    problem.textContent = words;
    problem.hidden = !words;
    const field = this.part("type").elements.typed;
    if (words) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  async leave() {
    try {
      await this.desk.leave();
    } catch (error) {
      if (!(error instanceof Problem)) return this.showLink(false); // signing out needs the server
    }
    return this.signedOut();
  }

  signedOut() {
    this.camera.stop();
    forgetScanner();
    location.assign(this.root.dataset.setup);
  }
}

function problemWords({ document }) {
  return [document.title, document.detail].filter(Boolean).join(". ");
}

const scanner = keptScanner();
if (scanner?.key) new Scanner(document.getElementById("scanner"), scanner).open();
else document.getElementById("no-scanner").hidden = false;
