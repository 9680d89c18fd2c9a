// What is left, kept fresh: asks every second for one small cacheable document while the page is in view.
const list = document.querySelector("[data-availability]");
const EVERY_MS = 1000;
const SLOWEST_MS = 60000;
const listeners = [];
let wait = EVERY_MS;
let timer = 0;
let etag = "";
let isAsking = false;
let last = null;

// Calls back with each new document, with the last one at once; asks right away if there was none.
export function listen(callback) {
  listeners.push(callback);
  if (last) callback(last);
  else ask();
}

function show(types) {
  for (const place of list.querySelectorAll("[data-type]")) {
    const now = types[place.dataset.type];
    if (!now) continue;
    const few = now.left === 1 ? place.dataset.wordsLast : place.dataset.wordsFew;
    const words = { plenty: place.dataset.wordsPlenty, few, sold_out: list.dataset.wordsSoldOut }[now.state];
    if (!words) continue;
    const text = words.replace("{left}", String(now.left));
    if (place.textContent.trim() !== text) {
      place.textContent = text;
      if (now.state !== place.dataset.state) announce(place, text);
    }
    place.dataset.state = now.state;
    const input = document.getElementById(`quantity-${place.dataset.type}`);
    if (input) {
      input.max = String(Math.min(Number(input.dataset.most), now.left));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

function announce(place, text) {
  const name = document.getElementById(`type-${place.dataset.type}`);
  document.getElementById("live").textContent = `${name?.textContent ?? ""}: ${text}`;
}

async function ask() {
  clearTimeout(timer);
  if (isAsking) return;
  isAsking = true;
  try {
    // The browser's own cache would add its second to the server's: we keep the last document ourselves.
    const headers = { accept: "application/json", ...(etag && { "if-none-match": etag }) };
    const answer = await fetch(list.dataset.availability, { headers, cache: "no-store" });
    if (answer.status !== 304) {
      if (!answer.ok) throw new Error(String(answer.status));
      last = await answer.json();
      etag = answer.headers.get("etag") ?? "";
      show(last.types ?? {});
      for (const callback of listeners) callback(last);
    }
    wait = EVERY_MS;
  } catch {
    wait = Math.min(wait * 2, SLOWEST_MS); // out of reach: the number on the page stays, we ask more rarely
  }
  isAsking = false;
  plan();
}

function plan() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") timer = setTimeout(ask, wait);
}

if (list) {
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? ask() : plan()));
  plan();
}
