// Amounts as the server writes them: international English, no space after a currency's letters where CLDR has none.
const { language, currency } = document.querySelector("[data-order]")?.dataset ?? {};
const format = currency && new Intl.NumberFormat(language === "en" ? "en-GB" : language, { style: "currency", currency });
const minorDigits = currency && format.resolvedOptions().maximumFractionDigits;

export const money = (minor) => format.format(minor / 10 ** minorDigits).replace(/^([A-Z]{3})\s/, "$1");
