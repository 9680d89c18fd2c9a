// Adds up what has been chosen on the event page. The amount to pay is always worked out again by the server.
const form = document.querySelector("[data-order]");
const total = form?.querySelector("[data-total]");

if (total) {
  const { language, currency } = form.dataset;
  // The server's way: international English, and no space after a currency's letters where CLDR has none.
  const format = new Intl.NumberFormat(language === "en" ? "en-GB" : language, { style: "currency", currency });
  const minorDigits = format.resolvedOptions().maximumFractionDigits;
  const words = form.querySelector("[data-total-words]");
  const wordsForNone = words.textContent;
  const inputs = [...form.querySelectorAll("[data-price-minor]")];

  const refresh = () => {
    let count = 0;
    let amountMinor = 0;
    for (const input of inputs) {
      const quantity = Math.max(Number.parseInt(input.value, 10) || 0, 0);
      count += quantity;
      amountMinor += quantity * Number(input.dataset.priceMinor);
    }
    total.value = format.format(amountMinor / 10 ** minorDigits).replace(/^([A-Z]{3})\s/, "$1");
    if (count === 0) words.textContent = wordsForNone;
    else words.textContent = count === 1 ? words.dataset.one : words.dataset.many.replace("{count}", String(count));
  };

  form.addEventListener("input", refresh);
  window.addEventListener("pageshow", refresh);
  refresh();
}
