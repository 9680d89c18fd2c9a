// A second click does nothing twice: a form that is on its way ignores further submits and says so.
// Forms with method="post" are guarded; `data-submit-many` opts out. The button's `data-busy-words` are shown and announced.

const busy = new WeakMap();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || "submitMany" in form.dataset || event.defaultPrevented) return;
  if (busy.has(form)) {
    event.preventDefault();
    return;
  }
  const button = event.submitter ?? form.querySelector("button:not([type=button])");
  busy.set(form, { button, words: button?.innerHTML });
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  const words = button.dataset.busyWords;
  if (!words) return;
  button.textContent = words;
  const live = document.getElementById("live");
  if (live) live.textContent = words;
});

// Back from the page cache: the form is fresh again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) {
    const sent = busy.get(form);
    if (!sent) continue;
    busy.delete(form);
    sent.button?.removeAttribute("aria-busy");
    sent.button?.removeAttribute("aria-disabled");
    if (sent.button?.dataset.busyWords) sent.button.innerHTML = sent.words;
  }
});
