// How safe the tickets are in this phone, installing the wallet, taking everything out.
import { ago, busy, fill, icon, make, part, problemWords, showError, words } from "./parts.js";

const isInstalled = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
const isApple = () => /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.userAgent.includes("Macintosh") && navigator.maxTouchPoints > 1);
let offered = null; // Chrome's offer to install, kept for our own button

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offered = event;
  if (part("install")) showInstalling();
});

/** What there is to know of how safe it is: each `{ok, words}`. */
export async function safety(wallet) {
  const isShellKept = Boolean(navigator.serviceWorker?.controller);
  const isPersisted = (await navigator.storage?.persisted?.()) ?? false;
  const heardLately = wallet.contact.at > 0;
  return [
    { ok: wallet.damaged.length === 0, words: fill(words.kept, { count: wallet.tickets.length }) },
    { ok: isShellKept, words: isShellKept ? words.shellKept : words.shellNotKept },
    { ok: isPersisted || isInstalled(), isAdvice: true, words: isPersisted || isInstalled() ? words.persisted : words.notPersisted },
    { ok: heardLately, words: heardLately ? fill(words.lastContact, { when: ago(wallet.contact.at) }) : words.noContact },
    ...(wallet.lock && wallet.lock.kind !== "none"
      ? [{ ok: !wallet.isKeyWaiting, isAdvice: true, words: wallet.isKeyWaiting ? words.keyWaiting : words.keyCovered }]
      : []),
    { ok: !wallet.isClockOff, isAdvice: true, words: wallet.isClockOff ? words.clockOff : words.clockRight },
  ];
}

export const isSafeOffline = (checks) => checks.every((check) => check.ok || check.isAdvice);

export function showSafety(checks) {
  part("checks").replaceChildren(
    ...checks.map((check) => {
      const line = make("li", check.ok ? "is-ok" : "is-not", icon(check.ok ? "circle-check" : "triangle-alert"));
      line.append(make("span", "", make("span", "visually-hidden", check.ok ? words.yes : words.no), ` ${check.words}`));
      return line;
    }),
  );
}

export function showInstalling() {
  part("install").hidden = isInstalled();
  part("install-button").hidden = !offered;
  part("install-ios").hidden = Boolean(offered) || !isApple();
  part("install-other").hidden = Boolean(offered) || isApple();
}

export function preparePhone(wallet, { onSync, onLeft }) {
  const dialog = part("leave-dialog");
  part("install-now").addEventListener("click", async () => {
    await offered?.prompt();
    offered = null;
    showInstalling();
  });
  part("sync").addEventListener("click", async (event) => {
    showError("sync-error", "");
    try {
      await busy(event.currentTarget, onSync);
    } catch (error) {
      showError("sync-error", problemWords(error));
    }
  });
  part("leave").addEventListener("click", () => dialog.showModal());
  part("leave-no").addEventListener("click", () => dialog.close());
  part("leave-yes").addEventListener("click", async (event) => {
    showError("leave-error", "");
    try {
      await busy(event.currentTarget, () => wallet.leaveAll());
      onLeft();
    } catch (error) {
      showError("leave-error", problemWords(error));
    } finally {
      dialog.close();
    }
  });
}
