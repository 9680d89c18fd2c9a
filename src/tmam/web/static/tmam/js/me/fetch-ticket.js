// Fetching a ticket that has to be drawn first: says at once what happens, waits for its turn, then lets the browser
// download it from the link. Without this script the link does the same, only quietly.
// The file's address answers `?state=1` with {state: "ready" | "queued" | "failed", place, estimate_s}.

const SOON_S = 3;
const [SHORTEST_PAUSE_S, LONGEST_PAUSE_S] = [1, 10];

const words = JSON.parse(document.getElementById("fetch-words")?.textContent ?? "{}");
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
const running = new WeakSet();

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-fetch]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (!running.has(link)) fetchTicket(link);
});

async function fetchTicket(link) {
  running.add(link);
  link.setAttribute("aria-busy", "true");
  say(link, [words.preparing, words.soon]);
  try {
    for (;;) {
      const answer = await stateOf(link.dataset.fetch);
      if (answer.state === "ready") break;
      if (answer.state === "failed") return say(link, [words.failed], "failed");
      const seconds = Math.ceil(Number(answer.estimate_s) || 0);
      const place = Number(answer.place) || 0;
      say(link, [
        words.preparing,
        place > 0 && fill(words.place, { place }),
        seconds > SOON_S ? fill(words.about, { seconds }) : words.soon,
      ]);
      await pause(Math.min(LONGEST_PAUSE_S, Math.max(SHORTEST_PAUSE_S, seconds / 2)));
    }
    location.assign(link.href);
    return say(link, [words.started], "started");
  } catch {
    return say(link, [words.offline], "failed");
  } finally {
    running.delete(link);
    link.removeAttribute("aria-busy");
  }
}

/** How far the file is. Whoever does not tell lets the download itself show it; a busy server is asked again. */
async function stateOf(file) {
  const answer = await fetch(`${file}?state=1`, { headers: { Accept: "application/json" }, cache: "no-store" });
  const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
  if (!isJson) answer.body?.cancel();
  if (answer.status === 503 || answer.status === 429) {
    return { state: "queued", estimate_s: Number(answer.headers.get("Retry-After")) || LONGEST_PAUSE_S };
  }
  if (answer.status >= 500) return { state: "failed" };
  return answer.ok && isJson ? answer.json() : { state: "ready" };
}

/** In words beside the button, and to screen readers. */
function say(link, sentences, how = "waiting") {
  const text = sentences.filter(Boolean).join(" ");
  const said = link.closest("[data-take]")?.querySelector("[data-said]");
  if (said) Object.assign(said, { textContent: text, hidden: false }).dataset.how = how;
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

// An iPad calls itself a Macintosh; no Macintosh has more than one touch point.
if (navigator.maxTouchPoints > 1) {
  for (const wallet of document.querySelectorAll("[data-on-ipad]")) {
    const other = wallet.previousElementSibling;
    wallet.classList.remove("button--secondary");
    other.classList.add("button--secondary");
    other.before(wallet);
  }
}
