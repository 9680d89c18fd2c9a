// Keeps `[data-countdown]` true to the clock: a bar in the last two minutes, words at 2 min and 30 s, what to do
// when time is up. The server wrote the time of expiry already; words come from data attributes (translated there).
// The server wrote the time on the clock of the venue; here it becomes the reader's own clock, which needs no zone.
// `data-now` is the server's clock when it answered, so a wrong clock in the device does no harm.

const announce = (words) => {
  const live = document.getElementById("live");
  if (live && words) live.textContent = words;
};

class Countdown {
  constructor(box) {
    this.box = box;
    this.words = box.querySelector("[data-countdown-words]");
    this.bar = box.querySelector("progress");
    const serverNow = Date.parse(box.dataset.now);
    // How long ago the server's answer began to arrive, in milliseconds; then how far its clock is ahead of ours.
    const since = Math.max(0, performance.now() - (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0));
    this.ahead = Number.isNaN(serverNow) ? 0 : serverNow - (Date.now() - since);
    this.expires = Date.parse(box.dataset.expiresAt);
    this.told = new Set();
    this.showReadersClock();
    if (!Number.isNaN(this.expires)) this.tick();
  }

  showReadersClock() {
    const [time, zone] = this.words?.querySelectorAll("strong, span") ?? [];
    if (Number.isNaN(this.expires) || !time || !zone) return;
    const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
    const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
    time.textContent = clock.format(this.expires - this.ahead);
    zone.remove();
  }

  left() {
    return (this.expires - (Date.now() + this.ahead)) / 1000;
  }

  once(name, words) {
    if (this.told.has(name)) return;
    this.told.add(name);
    announce(words);
  }

  tick() {
    const left = this.left();
    if (left <= 0) return this.over();
    if (left <= 120) {
      this.box.dataset.state = "soon";
      if (this.bar) this.bar.value = left;
      if (left > 30) this.once("soon", this.box.dataset.wordsSoon);
      else this.once("last", this.box.dataset.wordsLast);
    }
    // Sleep until the next thing to say; second by second only while the bar shows.
    const wait = left > 120 ? left - 120 : 1;
    setTimeout(() => this.tick(), Math.min(wait * 1000 + 20, 60000));
    return undefined;
  }

  over() {
    const { wordsOver, overHref, overLink } = this.box.dataset;
    this.box.dataset.state = "over";
    for (const way of this.box.querySelectorAll("form, button")) way.remove();
    this.bar?.remove();
    if (this.words && wordsOver) {
      this.words.textContent = `${wordsOver} `;
      if (overHref && overLink) {
        const link = document.createElement("a");
        link.href = overHref;
        link.textContent = overLink;
        this.words.append(link);
      }
    }
    this.once("over", wordsOver);
    this.box.dispatchEvent(new CustomEvent("countdown:over", { bubbles: true }));
  }
}

for (const box of document.querySelectorAll("[data-countdown]")) new Countdown(box);
