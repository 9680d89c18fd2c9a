// Adds up what has been chosen on the event page. The amount to pay is always worked out again by the server.
import { money } from "./money.js";

const form = document.querySelector("[data-order]");
const total = form?.querySelector("[data-total]");

if (total) {
  const words = form.querySelector("[data-total-words]");
  const wordsForNone = words.textContent;

  const refresh = () => {
    let count = 0;
    let amountMinor = 0;
    for (const input of form.querySelectorAll("[data-price-minor]:enabled")) {
      const quantity = Math.max(Number.parseInt(input.dataset.count ?? input.value, 10) || 0, 0);
      count += quantity;
      amountMinor += quantity * Number(input.dataset.priceMinor);
    }
    total.value = money(amountMinor);
    if (count === 0) words.textContent = wordsForNone;
    else words.textContent = count === 1 ? words.dataset.one : words.dataset.many.replace("{count}", String(count));
  };

  form.addEventListener("input", refresh);
  window.addEventListener("pageshow", refresh);
  refresh();
}
