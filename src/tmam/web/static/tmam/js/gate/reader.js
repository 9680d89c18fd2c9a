// Looks for a code in the camera's picture, at most ten times a second, in its middle square only.

const PAUSE_MS = 100;
const LONGEST_SIDE = 640;
const OPTIONS = { formats: ["QRCode", "Aztec"], tryHarder: true, maxNumberOfSymbols: 1 };

export class Reader {
  constructor({ video, reader, wasm, onCode }) {
    this.video = video;
    this.addresses = { reader, wasm };
    this.onCode = onCode;
    this.isPaused = false;
    this.isRunning = false;
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
  }

  /** Load the decoder, then look until `stop`. Rejects when the decoder cannot be loaded. */
  async start() {
    await this.#load();
    if (this.isRunning) return;
    this.isRunning = true;
    this.#look();
  }

  /** The text of the code in a picture, looked at in this size; undefined if there is none. Rejects like `start`. */
  async readPicture(picture, width, height) {
    await this.#load();
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.drawImage(picture, 0, 0, width, height);
    return this.#textIn(context.getImageData(0, 0, width, height));
  }

  stop() {
    this.isRunning = false;
  }

  async #load() {
    if (this.decoder) return;
    const library = await import(this.addresses.reader);
    library.prepareZXingModule({ overrides: { locateFile: () => this.addresses.wasm } });
    await library.getZXingModule();
    this.decoder = library;
  }

  async #look() {
    while (this.isRunning) {
      const began = performance.now();
      if (!this.isPaused && !document.hidden && this.video.readyState >= 2 && this.video.videoWidth) {
        const text = await this.#read();
        if (text && !this.isPaused && this.isRunning) this.onCode(text);
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(20, PAUSE_MS - (performance.now() - began))));
    }
  }

  async #read() {
    const { videoWidth, videoHeight } = this.video;
    const square = Math.min(videoWidth, videoHeight);
    const side = Math.min(square, LONGEST_SIDE);
    this.canvas.width = side;
    this.canvas.height = side;
    const [left, top] = [(videoWidth - square) / 2, (videoHeight - square) / 2];
    this.context.drawImage(this.video, left, top, square, square, 0, 0, side, side);
    return this.#textIn(this.context.getImageData(0, 0, side, side));
  }

  async #textIn(pixels) {
    const found = await this.decoder.readBarcodes(pixels, OPTIONS);
    return found.find((each) => each.isValid && each.text)?.text;
  }
}
