// Choosing a lock, and opening it.
import { canPasskey, isEasyPin, isPin, PasskeyUnfit, WrongPin } from "./lock.js";
import { busy, fill, part, showError, words } from "./parts.js";
import { Paused, Wiped } from "./wallet.js";

export function prepareLockChoice(wallet, onLocked) {
  const newPin = document.getElementById("new-pin");
  const samePin = document.getElementById("same-pin");
  const choose = async (button, kind, how) => {
    showError("lock-error", "");
    try {
      await busy(button, () => wallet.setLock(kind, how));
    } catch (error) {
      // A passkey question that was closed needs no words; the choice is still there.
      if (error.name !== "NotAllowedError") showError("lock-error", error instanceof PasskeyUnfit ? words.passkeyUnfit : words.lockFailed);
      return;
    }
    newPin.value = samePin.value = "";
    onLocked();
  };
  document.querySelectorAll("[data-choose]").forEach((button) => {
    button.addEventListener("click", () => choose(button, button.dataset.choose, { words }));
  });
  part("pin-form").addEventListener("submit", (event) => {
    event.preventDefault();
    showError("pin-error", "", newPin);
    if (!isPin(newPin.value)) return showError("pin-error", words.pinShape, newPin);
    if (isEasyPin(newPin.value)) return showError("pin-error", words.pinEasy, newPin);
    if (newPin.value !== samePin.value) return showError("pin-error", words.pinsDiffer, newPin);
    return choose(part("pin-button"), "pin", { pin: newPin.value });
  });
  canPasskey().then((can) => (part("lock-passkey").hidden = !can));
}

export function prepareUnlocking(wallet, onOpen, onWiped) {
  const field = document.getElementById("pin");
  part("unlock-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    showError("unlock-error", "", field);
    if (!isPin(field.value)) return showError("unlock-error", words.pinShape, field);
    try {
      await busy(part("unlock-button"), () => wallet.unlock(field.value));
    } catch (error) {
      if (error instanceof Wiped) return onWiped();
      if (error instanceof Paused) return showError("unlock-error", fill(words.pinPaused, { time: clock(error.until) }), field);
      if (!(error instanceof WrongPin)) throw error;
      return showError("unlock-error", fill(words.pinWrong, { left: error.left }), field);
    } finally {
      field.value = "";
    }
    return onOpen();
  });
  part("passkey-button").addEventListener("click", async (event) => {
    showError("passkey-error", "");
    try {
      await busy(event.currentTarget, () => wallet.unlock());
    } catch {
      return showError("passkey-error", words.passkeyFailed);
    }
    return onOpen();
  });
}

export function showLocked(wallet) {
  const isPasskey = wallet.lock.kind === "passkey";
  part("unlock-form").hidden = isPasskey;
  part("unlock-passkey").hidden = !isPasskey;
  if (!isPasskey) document.getElementById("pin").focus();
}

function clock(at) {
  return new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" }).format(at + 59_000);
}
