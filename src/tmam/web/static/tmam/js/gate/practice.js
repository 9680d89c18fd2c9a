// The practice scanner: reads a code by camera, from a picture or typed, and answers as a gate would. Nothing is sent
// and nothing is kept: the code is judged here, by the sample's public key.
import { Camera, CameraProblem } from "./camera.js";
import { Reader } from "./reader.js";
import { bytesOfHex, judge } from "./sample-token.js";
import { Signals } from "./signals.js";
import { Verdict } from "./verdict.js";
import { listenToHandScanner } from "./wedge.js";

const SAME_CODE_REST_MS = 3000;
const LARGEST_FILE = 20 * 1024 * 1024;
// A screenshot is read at its own size first, then smaller: zxing finds codes that are neither tiny nor huge.
const LONGEST_SIDES = [1600, 800, 2800];

class Practice {
  constructor(root) {
    this.root = root;
    this.words = JSON.parse(document.getElementById("words").textContent);
    this.part = (name) => root.querySelector(`[data-${name}]`);
    this.keys = { key: bytesOfHex(root.dataset.key), library: root.dataset.ed25519 };
    this.signals = new Signals(true);
    this.verdict = new Verdict({
      root: this.part("verdict"),
      said: document.getElementById("said"),
      words: this.words,
      onNext: () => this.ready(),
      onCancel: () => this.verdict.close(),
      returnAfterMs: {}, // who practises reads in peace
    });
    this.camera = new Camera(this.part("video"), () => this.cameraOff("cameraFailed"));
    const { reader, wasm } = root.dataset;
    this.reader = new Reader({ video: this.part("video"), reader, wasm, onCode: (code) => this.seen(code) });
    this.resting = { code: null, until: 0 };
  }

  open() {
    this.root.hidden = false;
    document.addEventListener("pointerdown", () => this.signals.wake());
    document.addEventListener("keydown", () => this.signals.wake());
    document.addEventListener("paste", (event) => this.pasted(event));
    listenToHandScanner((code) => this.attempt(code));
    this.part("start").addEventListener("click", () => this.startCamera());
    this.part("picture").addEventListener("change", (event) => this.picture(event.target));
    this.part("type").addEventListener("submit", (event) => {
      event.preventDefault();
      const field = event.target.elements.typed;
      if (field.value.trim()) this.attempt(field.value);
      else field.focus();
    });
    for (const button of this.root.querySelectorAll("[data-show]")) {
      button.addEventListener("click", () => this.show(button.dataset.show));
    }
  }

  seen(code) {
    if (this.verdict.isOpen || (code === this.resting.code && performance.now() < this.resting.until)) return;
    this.attempt(code);
  }

  async attempt(code) {
    this.reader.isPaused = true;
    this.resting.code = code;
    this.show(await judge(code, this.keys));
  }

  /** Fill the screen with the answer of this name. */
  show(name) {
    const answer = this.words.answers[name];
    this.reader.isPaused = true;
    this.verdict.answer(answer);
    if (answer.verdict !== "wait") this.signals.give(answer.verdict);
  }

  ready() {
    this.resting.until = performance.now() + SAME_CODE_REST_MS;
    this.reader.isPaused = false;
  }

  async startCamera() {
    const button = this.part("start");
    button.disabled = true;
    this.part("panel-words").textContent = this.words.cameraStarting;
    try {
      await this.camera.start();
      await this.reader.start();
    } catch (error) {
      this.camera.stop();
      this.cameraOff(error instanceof CameraProblem ? error.words : "decoderFailed");
      return;
    } finally {
      button.disabled = false;
    }
    for (const [name, isShown] of [["video", true], ["frame", true], ["panel", false]]) this.part(name).hidden = !isShown;
  }

  cameraOff(words) {
    this.reader.stop();
    for (const name of ["video", "frame"]) this.part(name).hidden = true;
    this.part("panel").hidden = false;
    this.part("panel-words").textContent = this.words[words];
    this.part("start-words").textContent = this.words.retryCamera;
  }

  pasted({ clipboardData }) {
    const file = [...(clipboardData?.files ?? [])].find((each) => each.type.startsWith("image/"));
    if (file) this.read(file);
  }

  async picture(field) {
    const [file] = field.files;
    if (file) await this.read(file);
    field.value = ""; // the same picture may be chosen again
  }

  async read(file) {
    this.problem("");
    if (file.size > LARGEST_FILE) return this.problem("pictureTooLarge");
    let image;
    try {
      image = await loaded(file);
    } catch {
      return this.problem("pictureUnreadable");
    }
    try {
      const code = await this.codeIn(image);
      return code ? this.attempt(code) : this.problem("noCode");
    } catch {
      return this.problem("decoderFailed");
    }
  }

  async codeIn(image) {
    for (const longest of LONGEST_SIDES) {
      const scale = Math.min(1, longest / Math.max(image.naturalWidth, image.naturalHeight));
      const [width, height] = [image.naturalWidth, image.naturalHeight].map((side) => Math.max(1, Math.round(side * scale)));
      const code = await this.reader.readPicture(image, width, height);
      if (code) return code;
    }
    return "";
  }

  problem(name) {
    const shown = this.part("picture-problem");
    shown.textContent = name && this.words[name];
    shown.hidden = !name;
  }
}

/** The picture of a file, drawn by the browser's own decoder. Rejects what is no picture. */
async function loaded(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(image.src);
  }
  return image;
}

new Practice(document.getElementById("practice")).open();
