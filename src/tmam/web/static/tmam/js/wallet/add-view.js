// Putting tickets in by a code from the booking.
import { busy, part, problemWords, showError, words } from "./parts.js";

const FRAGMENT = /^#add=([0-9A-Za-z-]{10,20})$/;

// As the server reads it (`fulfilment/wallet/offers.py`): ten of Crockford's base 32, with I, L, O, U taken for what they
// look like; blanks, dashes and invisible marks between do not matter.
const CODE = /^[0-9A-Z]{10}$/;
const BETWEEN = /[\s\p{Pd}\p{Cf}]/gu;

const isCode = (typed) => CODE.test(typed.normalize("NFKC").replace(BETWEEN, "").toUpperCase());

/** The code in the address, if somebody came with one. It is taken out of the address and the history at once. */
export function codeInAddress() {
  const found = FRAGMENT.exec(location.hash);
  if (location.hash) history.replaceState(null, "", location.pathname);
  return found ? found[1] : "";
}

export function prepareAdding(wallet, { onNeedsLock, onTaken }) {
  const field = document.getElementById("add-code");
  const take = async () => {
    showError("add-error", "", field);
    if (!field.value.trim()) return showError("add-error", words.codeMissing, field);
    if (!isCode(field.value)) return showError("add-error", words.codeShape, field);
    if (!wallet.lock) return onNeedsLock();
    try {
      await busy(part("add-button"), () => wallet.take(field.value));
    } catch (error) {
      return showError("add-error", problemWords(error), field);
    }
    field.value = "";
    return onTaken();
  };
  part("add-form").addEventListener("submit", (event) => {
    event.preventDefault();
    take();
  });
  return take;
}

export function showAdding(wallet) {
  part("add-title").textContent = wallet.count ? words.addMore : words.empty;
  part("add-back").hidden = !wallet.count;
}
