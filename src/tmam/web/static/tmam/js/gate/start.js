// After the steward chose event and gate: keep the key in this browser, then go to the scanner.
import { keepScanner, keptScanner } from "./kept.js";

const scanner = JSON.parse(document.getElementById("scanner").textContent);
const before = keptScanner();
try {
  keepScanner(scanner);
  if (before?.key && before.key !== scanner.key) signOut(before.key);
  location.replace(new URL("/gate/scan/", location.href));
} catch {
  document.getElementById("failed").hidden = false;
  document.querySelector(".waiting").hidden = true;
}

/** The key this browser had for another event or gate is of no more use; if this fails, a person can end it. */
function signOut(key) {
  fetch("/gate/leave/", { method: "POST", headers: { Authorization: `Device ${key}` }, keepalive: true }).catch(() => {});
}
