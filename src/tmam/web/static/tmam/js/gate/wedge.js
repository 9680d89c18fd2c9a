// Hand scanners that plug in or pair as a keyboard: they type a code quickly, then Enter.

// Wireless ones pause between keys, and so does a busy phone. Nobody types codes outside a field for another reason.
const LONGEST_PAUSE_MS = 600;
const SHORTEST_CODE = 8;

/** Calls `onCode(text)` for what a hand scanner types anywhere but in a text field. */
export function listenToHandScanner(onCode) {
  let typed = "";
  let lastAt = 0;
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.target.closest?.("input, textarea, select")) return;
      if (event.timeStamp - lastAt > LONGEST_PAUSE_MS) typed = "";
      lastAt = event.timeStamp;
      if (event.key.length === 1) {
        typed += event.key;
        // A scanner's blank must not press the button that has the focus.
        if (event.key === " " && typed.length > 1) event.preventDefault();
      } else if (event.key === "Enter") {
        const code = typed.trim();
        typed = "";
        if (code.length < SHORTEST_CODE) return;
        event.preventDefault();
        onCode(code);
      }
    },
    true,
  );
}
