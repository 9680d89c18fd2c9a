// Passkeys and security keys: asks the browser's authenticator, and sends its answer with the form around the button.
//
// <form data-passkey="get"|"create"> with hidden inputs `credential` and `ceremony`, and a place `[data-passkey-said]`
// for words. The challenge is in the JSON script named by data-passkey-options, or fetched from data-passkey-from.
// data-passkey-autofill: browsers that can also offer passkeys in the field with autocomplete="… webauthn".
// [data-passkey-offer] is shown where the device can keep a passkey.

const FRESH_FOR_MS = 9 * 60 * 1000; // a challenge is too old after ten minutes
const words = document.getElementById("passkey-words")?.dataset ?? {};
let suggesting = null; // the quiet question that runs until somebody presses a button

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    unsupported(form);
    continue;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    askFor(form);
  });
  if ("passkeyAutofill" in form.dataset) suggest(form);
}

for (const offer of document.querySelectorAll("[data-passkey-offer]")) {
  window.PublicKeyCredential?.isUserVerifyingPlatformAuthenticatorAvailable?.().then((can) => {
    offer.hidden = !can;
  });
}

/** Somebody pressed the button. */
async function askFor(form) {
  const button = form.querySelector("button");
  if (button.getAttribute("aria-busy") === "true" || !form.reportValidity()) return;
  suggesting?.abort();
  say(form, "");
  busy(button, true);
  try {
    const { options, ceremony } = await challenge(form);
    announce(words.waiting);
    const how = readOptions(options);
    const credential =
      form.dataset.passkey === "create" ? await navigator.credentials.create(how) : await navigator.credentials.get(how);
    send(form, credential, ceremony);
  } catch (error) {
    busy(button, false);
    say(form, reason(error));
    if ("passkeyAutofill" in form.dataset) suggest(form);
  }
}

/** Let the browser offer passkeys in the name field, without a word until one is chosen. */
async function suggest(form) {
  const can = await window.PublicKeyCredential.isConditionalMediationAvailable?.();
  if (!can) return;
  const mine = new AbortController();
  suggesting = mine;
  const again = setTimeout(() => {
    mine.abort();
    suggest(form); // with a fresh challenge
  }, FRESH_FOR_MS);
  try {
    const { options, ceremony } = await challenge(form);
    if (mine.signal.aborted) return;
    const how = { ...readOptions(options), mediation: "conditional", signal: mine.signal };
    const credential = await navigator.credentials.get(how);
    if (credential) send(form, credential, ceremony);
  } catch (error) {
    // Nobody asked for anything, so nobody is told; the button is there.
  } finally {
    clearTimeout(again);
  }
}

async function challenge(form) {
  const { passkeyFrom, passkeyOptions } = form.dataset;
  if (passkeyOptions) return JSON.parse(document.getElementById(passkeyOptions).textContent);
  const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  let response;
  try {
    response = await fetch(passkeyFrom, { method: "POST", headers, cache: "no-store" });
  } catch {
    throw new OfflineError();
  }
  if (!response.ok) throw new OfflineError();
  return response.json();
}

function send(form, credential, ceremony) {
  form.elements.credential.value = JSON.stringify(written(credential));
  form.elements.ceremony.value = ceremony;
  form.submit();
}

class OfflineError extends Error {}

/** Why it did not work, for people. Browsers tell little, on purpose: pages are not to learn which keys exist. */
function reason(error) {
  if (error instanceof OfflineError) return words.offline;
  switch (error.name) {
    case "NotAllowedError":
    case "AbortError":
      return words.cancelled;
    case "SecurityError":
      return words.elsewhere;
    case "InvalidStateError":
      return words.known;
    default:
      return words.impossible;
  }
}

function unsupported(form) {
  if ("passkeyAutofill" in form.dataset) {
    form.hidden = true; // the password form below is all there is
    return;
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("button").disabled = true;
  say(form, words.unsupported);
}

function say(form, text) {
  const place = form.querySelector("[data-passkey-said]");
  place.textContent = text;
  place.hidden = !text;
}

function announce(text) {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}

function busy(button, is) {
  button.toggleAttribute("aria-busy", is);
  if (is) button.setAttribute("aria-busy", "true");
}

// Back from the page cache the button is free again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("[data-passkey]")) busy(form.querySelector("button"), false);
});

// ── Bytes: base64url on the wire, buffers in the browser ──────────────────────────────────────────────────────────

function readOptions(options) {
  const key = structuredClone(options.publicKey);
  key.challenge = bytes(key.challenge);
  if (key.user) key.user.id = bytes(key.user.id);
  for (const each of [...(key.allowCredentials ?? []), ...(key.excludeCredentials ?? [])]) each.id = bytes(each.id);
  return { publicKey: key };
}

function written(credential) {
  const answer = credential.response;
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer[name]) response[name] = text(answer[name]);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
    ...(credential.authenticatorAttachment ? { authenticatorAttachment: credential.authenticatorAttachment } : {}),
  };
}

function bytes(base64url) {
  const plain = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

function text(buffer) {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
