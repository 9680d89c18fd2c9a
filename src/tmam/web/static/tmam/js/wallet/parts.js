// Small helpers for the views.

export const words = JSON.parse(document.getElementById("words").textContent);
export const part = (name, root = document) => root.querySelector(`[data-${name}]`);

/** Fill `{name}` in a sentence. */
export const fill = (sentence, facts) => sentence.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");

/** An element with a class, children and attributes; texts are texts, never markup. */
export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

export const icon = (name) => document.querySelector(`template[data-icon="${name}"]`).content.firstElementChild.cloneNode(true);

/** Show or hide what is wrong with a field, at the field. */
export function showError(name, sentence, field = null) {
  const error = part(name);
  error.querySelector("span, p").textContent = sentence;
  error.hidden = !sentence;
  error.closest(".field")?.classList.toggle("field--error", Boolean(sentence));
  if (!field) return;
  if (sentence) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  if (sentence) field.focus();
}

const SAID_FOR_MS = 8_000;
let silence = 0;

/** Once, to who looks and who listens; it leaves by itself. */
export function say(sentence) {
  const live = document.getElementById("live");
  live.textContent = sentence;
  clearTimeout(silence);
  silence = setTimeout(() => (live.textContent = ""), SAID_FOR_MS);
}

/** While something is under way its button cannot be pressed again. */
export async function busy(button, act) {
  button.disabled = true;
  try {
    return await act();
  } finally {
    button.disabled = false;
  }
}

/** What to say when the server refused or could not be reached. */
export const problemWords = (error) => (error.code ? [error.title, error.detail].filter(Boolean).join(". ") : words.noConnection);

export function ago(at) {
  const minutes = Math.round((at - Date.now()) / 60_000);
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  if (Math.abs(minutes) < 60) return format.format(minutes, "minute");
  if (Math.abs(minutes) < 48 * 60) return format.format(Math.round(minutes / 60), "hour");
  return format.format(Math.round(minutes / 1440), "day");
}
