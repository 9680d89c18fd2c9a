// While a file waits for its turn: ask for its place every few seconds, and fetch it once when it is ready.
// Without scripts the page reloads itself (`<noscript>` in its head), which comes to the same.

const box = document.querySelector("[data-wait-for-file]");
const MOST_S = 15;

const show = (name) => {
  for (const each of ["queue", "ready", "failed"]) box.querySelector(`[data-${each}]`).hidden = each !== name;
};

const renew = async () => {
  // The words come from the server, in the visitor's language: the page itself, asked for again.
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
  if (!answer.headers.get("Content-Type")?.startsWith("text/html")) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["place", "time", "keep"]) {
    const words = page.querySelector(`[data-${part}]`)?.textContent;
    if (words) box.querySelector(`[data-${part}]`).textContent = words;
  }
};

const look = async () => {
  let next_s = Number(box.dataset.lookS);
  try {
    const answer = await fetch(`${box.dataset.file}?state=1`, { cache: "no-store" });
    const { state, estimate_s } = await answer.json();
    if (state === "ready") {
      show("ready");
      location.assign(box.dataset.take); // an attachment: the page stays
      return;
    }
    if (state === "failed") {
      show("failed");
      return;
    }
    next_s = Math.max(2, Math.min(MOST_S, estimate_s));
    await renew();
  } catch {
    // No network this moment: the next look may find it again.
  }
  setTimeout(look, next_s * 1000);
};

if (box) setTimeout(look, Math.min(MOST_S, Number(box.dataset.lookS)) * 1000);
