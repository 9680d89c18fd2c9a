// `[data-live-src]`: fetches an HTML fragment every `data-live-every-s` seconds (default 3) and swaps it in when it
// changed. Pauses while the tab is hidden, backs off on trouble, keeps the focus on the element of the same id.
// `data-live-stop` in the fragment ends it; `data-live-go="/path"` in the fragment leaves for that page.

const LONGEST_S = 60;

class LiveFragment {
  constructor(box) {
    this.box = box;
    this.every = Math.max(1, Number(box.dataset.liveEveryS) || 3);
    this.wait = this.every;
    this.last = null;
    this.later();
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.now();
    });
  }

  later() {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.now(), this.wait * 1000);
  }

  async now() {
    clearTimeout(this.timer);
    if (this.stopped || document.hidden || this.asking) return;
    this.asking = true;
    try {
      const answer = await fetch(this.box.dataset.liveSrc, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      this.show(await answer.text());
      this.wait = this.every;
      delete this.box.dataset.stale;
    } catch {
      this.wait = Math.min(this.wait * 2, LONGEST_S);
      this.box.dataset.stale = "";
    } finally {
      this.asking = false;
      this.later();
    }
  }

  show(html) {
    if (html === this.last) return;
    const first = this.last === null;
    this.last = html;
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    const focused = this.box.contains(document.activeElement) ? document.activeElement.id : "";
    if (this.box.innerHTML.trim() === fresh.innerHTML.trim()) return;
    this.box.replaceChildren(...fresh.childNodes);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    const live = document.getElementById("live");
    const words = this.box.querySelector("[data-live-words]")?.dataset.liveWords ?? this.box.dataset.liveWords;
    if (live && words && !first) live.textContent = words;
    this.stopped = Boolean(this.box.querySelector("[data-live-stop]"));
    const going = this.box.querySelector("[data-live-go]");
    if (going) window.location.assign(going.dataset.liveGo);
  }
}

for (const box of document.querySelectorAll("[data-live-src]")) new LiveFragment(box);
