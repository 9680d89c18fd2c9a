// The wallet's page: which view is shown, when the server is asked, and when it locks itself.
import { codeInAddress, prepareAdding, showAdding } from "./add-view.js";
import { CodeView } from "./code-view.js";
import { prepareLockChoice, prepareUnlocking, showLocked } from "./lock-view.js";
import { fill, part, say, words } from "./parts.js";
import { isSafeOffline, preparePhone, safety, showInstalling, showSafety } from "./phone-view.js";
import { Store } from "./store.js";
import { showNotices, showTickets } from "./tickets-view.js";
import { Wallet } from "./wallet.js";

const SYNC_EVERY_MS = 5 * 60_000;
const LOCK_AFTER_MS = 2 * 60_000;
const language = document.documentElement.lang;

class App {
  constructor(store) {
    this.wallet = new Wallet(store, language, () => location.reload());
    this.code = new CodeView(this.wallet, language);
    this.pending = codeInAddress();
    this.hiddenAt = null;
  }

  async open() {
    await this.wallet.load();
    this.listen();
    if (this.wallet.isLocked && this.wallet.lock.kind === "none") await this.wallet.unlock();
    await this.opened();
  }

  listen() {
    document.querySelectorAll("[data-go]").forEach((button) => button.addEventListener("click", () => this.go(button.dataset.go)));
    prepareLockChoice(this.wallet, () => this.opened());
    prepareUnlocking(this.wallet, () => this.opened(), () => this.go("add"));
    this.take = prepareAdding(this.wallet, {
      onNeedsLock: () => {
        this.pending = document.getElementById("add-code").value;
        this.go("choose-lock");
      },
      onTaken: () => this.taken(),
    });
    preparePhone(this.wallet, { onSync: () => this.sync(), onLeft: () => this.go("add") });
    part("lock-now").addEventListener("click", () => this.lock());
    addEventListener("online", () => this.trySync());
    addEventListener("offline", () => this.showLink());
    setInterval(() => document.hidden || this.trySync(), SYNC_EVERY_MS);
    document.addEventListener("visibilitychange", () => this.seen());
    addEventListener("hashchange", () => {
      this.pending = codeInAddress() || this.pending;
      this.opened();
    });
    this.showLink();
  }

  /** The wallet is open, or empty, or waits for its PIN: show the right view. */
  async opened() {
    if (this.wallet.isLocked) return this.go("locked");
    if (this.pending) {
      document.getElementById("add-code").value = this.pending;
      this.go("add");
      this.pending = "";
      return this.take(); // asks for a lock first if there is none and the code can be one
    }
    await this.go(this.wallet.count ? "tickets" : "add");
    if (this.wallet.vault) this.trySync();
    return undefined;
  }

  async taken() {
    // It costs nothing and asks nothing in most browsers; tickets are what it is for.
    await navigator.storage?.persist?.().catch(() => false);
    await this.go("tickets");
    say(fill(words.taken, { count: this.wallet.tickets.length }));
  }

  async sync() {
    await this.wallet.sync();
    await this.refresh();
  }

  trySync() {
    this.showLink();
    if (!this.wallet.vault || !navigator.onLine || !this.wallet.count) return;
    this.sync().catch(() => this.showLink()); // no connection after all: what is here goes on working
  }

  /** After a contact: what is on the screen may be gone, moved or new. */
  async refresh() {
    const isBusy = this.view === "choose-lock" || this.view === "add" || this.view === "locked"; // somebody types
    if (isBusy || (this.view === "code" && this.wallet.tickets.includes(this.code.record))) return this.drawNotices();
    if (this.view === "phone") return this.go("phone");
    return this.go(this.wallet.count ? "tickets" : "add");
  }

  async go(view) {
    if (view === "choose-lock" && this.wallet.isLocked) return this.go("locked");
    if (view !== "code") this.code.close();
    this.view = view;
    if (view === "tickets" && !this.wallet.count) return this.go("add");
    if (view === "tickets") await this.drawTickets();
    if (view === "add") showAdding(this.wallet);
    part("lock-later").hidden = !this.wallet.count || this.wallet.lock?.kind !== "none";
    if (view === "phone") await this.drawPhone();
    this.drawNotices();
    document.querySelectorAll("[data-view]").forEach((section) => (section.hidden = section.dataset.view !== view));
    part("phone-button").hidden = !this.wallet.vault || view === "phone" || view === "code";
    if (view === "locked") showLocked(this.wallet);
    document.body.dataset.shown = view;
    scrollTo(0, 0);
    return undefined;
  }

  async drawTickets() {
    const checks = await safety(this.wallet);
    showTickets(this.wallet, { language, isSafe: isSafeOffline(checks), onOpen: (record) => this.show(record) });
  }

  async drawPhone() {
    showSafety(await safety(this.wallet));
    showInstalling();
    part("lock-now-words").textContent = words.locks[this.wallet.lock?.kind ?? "none"];
  }

  drawNotices() {
    showNotices(this.wallet, {
      language,
      onDismiss: async () => {
        await this.wallet.dismissNotices();
        this.drawNotices();
      },
    });
  }

  async show(record) {
    await this.go("code");
    this.code.open(record);
    document.getElementById("main").focus({ preventScroll: true });
  }

  lock() {
    if (!this.wallet.vault || this.wallet.lock.kind === "none") return;
    this.wallet.close();
    this.go("locked");
  }

  seen() {
    if (document.hidden) this.hiddenAt = Date.now();
    else if (this.hiddenAt && Date.now() - this.hiddenAt > LOCK_AFTER_MS) this.lock();
    if (!document.hidden) this.trySync();
  }

  showLink() {
    part("offline").hidden = navigator.onLine;
  }
}

/** The service worker keeps the page; a new version waits until somebody says so, or until no wallet is open. */
async function keepShell() {
  const registration = await navigator.serviceWorker.register("/wallet/sw.js", { scope: "/wallet/", updateViaCache: "none" });
  const offer = () => {
    if (registration.waiting && navigator.serviceWorker.controller) part("update").hidden = false;
  };
  offer();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  part("update-now").addEventListener("click", () => registration.waiting?.postMessage("use it now"));
  let isFirst = !navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!isFirst) location.reload();
    isFirst = false;
    dispatchEvent(new Event("shell-kept"));
  });
  await (await caches.open("tmam-wallet-choice")).put("/wallet/language", new Response(language));
}

function whyNot() {
  if (!isSecureContext || !crypto.subtle) return words.needsHttps;
  if (!("serviceWorker" in navigator) || !window.indexedDB || !window.caches || !navigator.locks || !AbortSignal.timeout) return words.tooOld;
  return "";
}

async function start() {
  const reason = whyNot();
  let app;
  try {
    if (reason) throw new Error(reason);
    app = new App(await Store.open());
    await app.open();
  } catch (error) {
    document.querySelectorAll("[data-view]").forEach((section) => (section.hidden = section.dataset.view !== "unsupported"));
    part("unsupported").textContent = reason || words.storeFailed;
    if (!reason) throw error;
    return;
  }
  addEventListener("shell-kept", () => app.view === "tickets" && app.drawTickets());
  await keepShell();
}

start();
