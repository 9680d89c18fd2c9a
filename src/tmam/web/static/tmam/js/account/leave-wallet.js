// Signing out leaves nothing behind: tickets in this browser's wallet are given back and wiped.
import { signerOf } from "../wallet/device-key.js";
import { Server } from "../wallet/server.js";
import { Store } from "../wallet/store.js";
import { fromId, portions, storedIds } from "../wallet/vault.js";

const form = document.querySelector("[data-leaves-wallet]");

async function start() {
  const store = await Store.open();
  const ids = await storedIds(store);
  if (!ids.length) return;
  document.querySelector("[data-wallet-notice]").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.querySelector("button").disabled = true;
    await giveBack(store, ids).catch(() => {}); // they can be taken out of this phone on the booking page, too
    await wipe(store);
    form.submit();
  });
}

async function giveBack(store, ids) {
  // The device key may be sealed by the lock; the contact key can do this one thing without it.
  const { publicKey, key } = (await store.get("keys", "contact")) ?? (await store.get("keys", "device"));
  if (!key) return; // an older browser has the one sealed key only
  const server = new Server({ publicKey, sign: signerOf({ key }), language: document.documentElement.lang });
  for (const tickets of portions(ids.map(fromId))) await server.send("leave", { tickets });
}

function wipe(store) {
  return store.write(({ records, keys, state }) => {
    [records, keys, state].forEach((each) => each.clear());
    state.put([{ kind: "signed_out" }], "notices");
  });
}

// A browser that keeps nothing has no wallet.
if (window.indexedDB) start().catch(() => {});
