// The camera: asking for it, the light, the other camera, keeping the screen awake.

const PROBLEMS = {
  NotAllowedError: "cameraDenied",
  SecurityError: "cameraDenied",
  NotFoundError: "cameraMissing",
  OverconstrainedError: "cameraMissing",
  NotReadableError: "cameraBusy",
  AbortError: "cameraBusy",
};

/** A reason why there is no picture: `words` is a key of the page's words. */
export class CameraProblem extends Error {
  constructor(words) {
    super(words);
    this.words = words;
  }
}

export class Camera {
  /** `onEnd()` hears when the picture stops by itself: unplugged, taken away, permission withdrawn. */
  constructor(video, onEnd) {
    this.video = video;
    this.onEnd = onEnd;
    this.stream = null;
    this.lock = null;
    document.addEventListener("visibilitychange", () => this.#stayAwake());
  }

  get isOn() {
    return this.stream !== null;
  }

  /** Whether the person allowed the camera before, so that it may start by itself. */
  static async isAllowed() {
    try {
      return (await navigator.permissions.query({ name: "camera" })).state === "granted";
    } catch {
      return false; // the browser does not tell; the button asks
    }
  }

  async start(deviceId) {
    if (!navigator.mediaDevices?.getUserMedia) {
      throw new CameraProblem(window.isSecureContext ? "cameraMissing" : "cameraInsecure");
    }
    this.stop();
    const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: "environment" } };
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { ...which, width: { ideal: 1280 }, height: { ideal: 720 } },
      });
      this.video.srcObject = this.stream;
      await this.video.play();
    } catch (error) {
      this.stop();
      throw new CameraProblem(PROBLEMS[error.name] ?? "cameraFailed");
    }
    this.#track.addEventListener("ended", () => {
      this.stop();
      this.onEnd();
    });
    await this.#stayAwake();
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  get hasLight() {
    return Boolean(this.#track?.getCapabilities?.().torch);
  }

  /** Returns whether the light is on afterwards. */
  async setLight(isOn) {
    try {
      await this.#track.applyConstraints({ advanced: [{ torch: isOn }] });
      return isOn;
    } catch {
      return false;
    }
  }

  /** The id of the camera after the present one, or null if there is only one. */
  async nextCamera() {
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((each) => each.kind === "videoinput");
    if (cameras.length < 2) return null;
    const present = cameras.findIndex((each) => each.deviceId === this.#track?.getSettings().deviceId);
    return cameras[(present + 1) % cameras.length].deviceId;
  }

  get #track() {
    return this.stream?.getVideoTracks()[0];
  }

  async #stayAwake() {
    if (!this.isOn || document.hidden || !navigator.wakeLock) return;
    try {
      this.lock = await navigator.wakeLock.request("screen");
    } catch {
      this.lock = null; // low battery: the screen may darken, scanning goes on
    }
  }
}
