// Sound and vibration: three tunes that differ in pitch, number and length, so no one needs to look.

const TUNES = {
  admit: [[880, 0, 0.1, "sine"], [1320, 0.11, 0.18, "sine"]],
  already_used: [[520, 0, 0.16, "triangle"], [520, 0.24, 0.16, "triangle"]],
  refuse: [[170, 0, 0.55, "square"]],
};
const SHAKES = { admit: [70], already_used: [90, 90, 90], refuse: [350] };

export class Signals {
  constructor(isWanted) {
    this.isWanted = isWanted;
    this.audio = null;
  }

  /** Browsers allow sound only after a touch or a key: call this from one. */
  wake() {
    const Audio = window.AudioContext ?? window.webkitAudioContext;
    if (!Audio) return;
    this.audio ??= new Audio();
    if (this.audio.state === "suspended") this.audio.resume().catch(() => {});
  }

  give(colour) {
    navigator.vibrate?.(SHAKES[colour]);
    if (!this.isWanted || this.audio?.state !== "running") return;
    for (const [pitch, after, length, wave] of TUNES[colour]) this.#tone(pitch, after, length, wave);
  }

  #tone(pitch, after, length, wave) {
    const begin = this.audio.currentTime + after;
    const tone = this.audio.createOscillator();
    const volume = this.audio.createGain();
    tone.type = wave;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, begin);
    volume.gain.exponentialRampToValueAtTime(0.6, begin + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.0001, begin + length);
    tone.connect(volume).connect(this.audio.destination);
    tone.start(begin);
    tone.stop(begin + length + 0.02);
  }
}
