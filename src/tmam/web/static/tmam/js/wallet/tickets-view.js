// The list of tickets, and what the wallet has to tell.
import { fill, icon, make, part, words } from "./parts.js";

const LOUD = new Set(["tampered", "wrong_pins", "moved", "signed_out"]);
const GOOD = new Set(["restored", "changed", "taken", "renewed"]);

export function showTickets(wallet, { language, isSafe, onOpen }) {
  const list = part("list");
  list.replaceChildren(
    ...wallet.tickets.map((record) => make("li", "", card(record, language, () => onOpen(record)))),
  );
  const safe = part("safe");
  safe.replaceChildren(icon(isSafe ? "shield-check" : "triangle-alert"), make("span", "", isSafe ? words.safe : words.notYetSafe));
  safe.classList.toggle("wallet-safe--yes", isSafe);
  part("lock-now").hidden = wallet.lock?.kind === "none";
}

/** Notices stay until they are dismissed; a changed record stays until the server has given it again. */
export function showNotices(wallet, { language, onDismiss }) {
  const shown = [];
  if (wallet.damaged.length) shown.push(notice({ kind: "tampered" }, language, null));
  wallet.notices.forEach((each) => shown.push(notice(each, language, onDismiss)));
  if (wallet.vault && wallet.isClockOff) {
    shown.push(notice({ kind: "clock", facts: { minutes: Math.max(1, Math.round(Math.abs(wallet.contact.offset) / 60_000)) } }, language, null));
  }
  part("notices").replaceChildren(...shown);
}

function notice({ kind, faces = null, facts = {} }, language, onDismiss) {
  const said = words.notices[kind] ?? words.notices.freed;
  const look = LOUD.has(kind) ? "danger" : GOOD.has(kind) ? "success" : "warning";
  const box = make("div", `notice notice--${look}`, icon(look === "success" ? "circle-check" : "triangle-alert"));
  box.setAttribute("role", look === "danger" ? "alert" : "status");
  const title = faces?.[language]?.title ?? "";
  box.append(make("h2", "", said.title), make("p", "", fill(said.text, { ...facts, title })));
  if (title) box.append(make("p", "", make("strong", "", title)));
  if (onDismiss) {
    const button = make("button", "button button--quiet button--small", words.understood);
    button.type = "button";
    button.addEventListener("click", onDismiss);
    box.append(button);
  }
  return box;
}

function card(record, language, onOpen) {
  const face = record.faces[language];
  const button = make(
    "button", "wallet-card",
    make("span", "wallet-card__title", face.title),
    make("span", "wallet-card__when", face.ends ? face.day : `${face.day}, ${face.time} ${face.zone}`),
    make("span", "wallet-card__where", [face.venue, face.place || face.type].filter(Boolean).join(" · ")),
    face.holder ? make("span", "wallet-card__where", face.holder) : null,
    face.place || face.holder ? null : make("span", "wallet-card__where", fill(words.ticket, { number: record.serial })),
    record.isOff ? make("span", "tag tag--danger", words.dateOff) : null,
    make("span", "wallet-card__go", icon("qr-code"), words.showCode),
  );
  button.type = "button";
  button.style.setProperty("--hue", record.hue);
  button.addEventListener("click", onOpen);
  return button;
}
