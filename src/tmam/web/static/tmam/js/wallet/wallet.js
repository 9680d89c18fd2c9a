// The wallet without its looks: what is in this phone, how it is opened, and what is said to the server.
import { fromBase64, same, toBase64 } from "./bytes.js";
import { agreedText, isSealed, makeContactKey, makeDeviceKey, openDevice, sealDevice, signerOf } from "./device-key.js";
import { liveCode, stepOf } from "./live-code.js";
import { makeLock, MOST_WRONG, openLock, pauseAfter, WrongPin } from "./lock.js";
import { Server } from "./server.js";
import { fromId, idOf, portions, storedIds, Vault } from "./vault.js";

const CLOCK_IS_OFF_MS = 10_000;
const isSame = (one, other) => (one && other ? same(one, other) : one === other);

/** Too many wrong PINs: everything was wiped. */
export class Wiped extends Error {}
/** Not yet: wait until `until` (milliseconds since 1970). */
export class Paused extends Error {
  constructor(until) {
    super("paused");
    this.until = until;
  }
}

/** Another window gave this wallet another lock or key, or wiped it: what this one has in memory is out of date. */
export class Stale extends Error {}

export class Wallet {
  /** `onStale` is called before `Stale` is thrown: the page should be opened anew. */
  constructor(store, language, onStale = () => {}) {
    Object.assign(this, { store, language, onStale, isKeyWaiting: false, tickets: [], damaged: [], vault: null, device: null, server: null });
  }

  async load() {
    const names = ["lock", "tries", "contact", "shown", "notices"];
    const [lock, tries, contact, shown, notices] = await Promise.all(names.map((name) => this.store.get("state", name)));
    this.lock = lock ?? null;
    this.tries = tries ?? { wrong: 0, until: 0 };
    this.contact = contact ?? { at: 0, offset: 0 };
    this.shown = shown ?? {};
    this.notices = notices ?? [];
    this.count = (await storedIds(this.store)).length;
    this.isKeyWaiting = Boolean(await this.store.get("keys", "next"));
  }

  get isLocked() {
    return this.lock !== null && this.vault === null;
  }

  /** The server's time, as far as this phone knows it. */
  now() {
    return Date.now() + (this.isClockOff ? this.contact.offset : 0);
  }

  get isClockOff() {
    return Math.abs(this.contact.offset) >= CLOCK_IS_OFF_MS;
  }

  /** Choose a lock for an empty wallet, or another one for a full one: everything is sealed anew. */
  setLock(kind, how) {
    return this.#alone(() => this.#setLock(kind, how));
  }

  async #setLock(kind, how) {
    const { dataKey, lock, pepper } = await makeLock(kind, how);
    const { device, contact, next } = await this.#deviceFor(kind);
    const stored = await sealDevice(device, dataKey);
    const waiting = next && (await sealDevice(next, dataKey));
    const sealed = await new Vault(this.store, dataKey, device.publicKey).sealed(this.tickets, this.damaged);
    await this.store.write(({ keys, state, records }) => {
      records.clear();
      sealed.forEach(([id, bytes]) => records.put(bytes, id));
      keys.clear();
      keys.put(stored, "device");
      if (contact) keys.put(contact, "contact");
      if (waiting) keys.put(waiting, "next");
      if (pepper) keys.put(pepper, "pepper");
      if (kind === "none") keys.put(dataKey, "data");
      state.put(lock, "lock");
      state.put({ wrong: 0, until: 0 }, "tries");
    });
    Object.assign(this, { lock, tries: { wrong: 0, until: 0 } });
    this.#open(dataKey, await openDevice(stored, dataKey));
    await this.#prepareNext();
    await this.#read();
  }

  /** The keys of a wallet that gets this lock: those it has, new ones if it is empty. `next` may be the server's already. */
  async #deviceFor(kind) {
    const isToBeSealed = kind !== "none";
    if (!this.device || !this.count) return { device: await makeDeviceKey(isToBeSealed), contact: await makeContactKey() };
    const [device, contact, next] = await Promise.all(["device", "contact", "next"].map((name) => this.store.get("keys", name)));
    const opened = (kept) => openDevice(kept, this.vault.dataKey, isToBeSealed);
    return { device: await opened(device), contact, next: next && (await opened(next)) };
  }

  /** A lock does not cover the device key, because that is older: make the one that it will cover. */
  async #prepareNext() {
    const [device, next] = await Promise.all(["device", "next"].map((name) => this.store.get("keys", name)));
    const isNeeded = this.lock.kind !== "none" && !isSealed(device) && !next;
    if (isNeeded) await this.store.set("keys", "next", await sealDevice(await makeDeviceKey(true), this.vault.dataKey));
    this.isKeyWaiting = isNeeded || Boolean(next);
  }

  /**
   * Have the tickets bound to the key that waits; promises the notices. Until everything of it is stored, in one step,
   * this phone shows the codes it has: the server lets both admit until it hears of us by the new key.
   */
  async #renew() {
    const stored = await this.store.get("keys", "next");
    if (!stored) return [];
    const { dataKey } = this.vault;
    const next = await openDevice(stored, dataKey);
    const proof = await signerOf(next)(agreedText(this.device.publicKey, next.publicKey));
    const news = await this.#tell("renew", { key: toBase64(next.publicKey), proof: toBase64(proof) });
    const notices = this.#noticesOf(news);
    if (news.changed.length) notices.push({ kind: "renewed" });
    const sealed = await new Vault(this.store, dataKey, next.publicKey).sealed(news.changed, []);
    await this.store.write(({ keys, records, state }) => {
      records.clear();
      sealed.forEach(([id, bytes]) => records.put(bytes, id));
      keys.put(stored, "device");
      keys.delete("next");
      state.put({}, "shown");
    });
    Object.assign(this, { isKeyWaiting: false, shown: {} });
    this.#open(dataKey, next);
    await this.#read();
    await this.#prepareNext();
    return notices;
  }

  /** Open it. Throws `Paused`, `WrongPin` (with `left`), `Wiped`, or what the browser says of a passkey. */
  async unlock(pin) {
    if (this.lock.kind === "pin") await this.#claimTry();
    let dataKey;
    try {
      dataKey =
        this.lock.kind === "none" ? await this.store.get("keys", "data") : await openLock(this.lock, await this.store.get("keys", "pepper"), pin);
    } catch (error) {
      if (!(error instanceof WrongPin) || this.lock.kind !== "pin") throw error;
      if (this.tries.wrong >= MOST_WRONG) {
        await this.wipe([{ kind: "wrong_pins" }]);
        throw new Wiped();
      }
      error.left = MOST_WRONG - this.tries.wrong;
      throw error;
    }
    this.tries = { wrong: 0, until: 0 };
    await this.store.set("state", "tries", this.tries);
    this.#open(dataKey, await openDevice(await this.store.get("keys", "device"), dataKey));
    await this.#alone(() => this.#prepareNext());
    await this.#read();
  }

  close() {
    Object.assign(this, { vault: null, device: null, server: null, tickets: [], damaged: [] });
  }

  /** Put the tickets that a code stands for into this phone; promises how many are new. */
  take(code) {
    return this.#alone(() => this.#take(code));
  }

  async #take(code) {
    const contact = await this.store.get("keys", "contact");
    const { tickets } = await this.server.send("take", { code, contact: contact ? toBase64(contact.publicKey) : "" });
    const known = new Set(this.tickets.map(idOf));
    await this.vault.change(tickets);
    await this.#heard();
    await this.#read();
    return tickets.filter((record) => !known.has(idOf(record))).length;
  }

  /** Tell the server what is here, and do what it says. */
  sync() {
    return this.#alone(() => this.#sync());
  }

  async #sync() {
    const notices = await this.#renew();
    const { changed, gone } = await this.#tell("sync");
    const restored = changed.filter((record) => this.damaged.includes(idOf(record))).length;
    notices.push(...this.#noticesOf({ changed, gone }));
    if (changed.length > restored) notices.push({ kind: "changed" });
    await this.vault.change(changed, gone.map(idOf));
    this.shown = {};
    await this.store.set("state", "shown", this.shown);
    await this.#notice(notices);
    await this.#heard();
    await this.#read();
  }

  /** Say what is here, in as many messages as it takes; promises `{changed, gone}` of all answers. */
  async #tell(purpose, more = {}) {
    const have = this.tickets.map((record) => ({
      ...fromId(idOf(record)), version: record.version, shown: this.shown[idOf(record)] ?? 0, tampered: false,
    }));
    have.push(...this.damaged.map((id) => ({ ...fromId(id), shown: this.shown[id] ?? 0, tampered: true })));
    const told = { changed: [], gone: [] };
    for (const part of portions(have)) {
      const { changed, gone } = await this.server.send(purpose, { ...more, have: part });
      told.changed.push(...changed);
      told.gone.push(...gone);
    }
    return told;
  }

  /** What people must hear of an answer, while the wallet is still as it was. */
  #noticesOf({ changed, gone }) {
    const faces = new Map(this.tickets.map((record) => [idOf(record), record.faces]));
    const notices = gone.map((each) => ({ kind: each.reason, faces: faces.get(idOf(each)) ?? null }));
    if (changed.some((record) => this.damaged.includes(idOf(record)))) notices.push({ kind: "restored" });
    return notices;
  }

  /** Take everything out of this phone: the tickets can be downloaded again, this wallet is empty. */
  leaveAll() {
    return this.#alone(() => this.#leaveAll());
  }

  async #leaveAll() {
    await this.#renew(); // the server may have bound them to the key that waits
    for (const tickets of portions((await storedIds(this.store)).map(fromId))) await this.server.send("leave", { tickets });
    await this.wipe();
  }

  /** Forget tickets, keys and lock. */
  async wipe(notices = []) {
    await this.store.write(({ records, keys, state }) => {
      records.clear();
      keys.clear();
      state.clear();
      state.put(notices, "notices");
    });
    this.close();
    await this.load();
  }

  async noteShown(record) {
    if (navigator.onLine) return;
    this.shown[idOf(record)] = (this.shown[idOf(record)] ?? 0) + 1;
    await this.store.set("state", "shown", this.shown);
  }

  async dismissNotices() {
    this.notices = [];
    await this.store.set("state", "notices", []);
  }

  /** The code of a ticket for the present step. */
  code(record, step = stepOf(this.now())) {
    return liveCode(fromBase64(record.certificate), step, this.sign);
  }

  /** One window at a time, and only one whose memory is what is stored. */
  #alone(work) {
    return navigator.locks.request("tmam-wallet", async () => {
      const [lock, device] = await Promise.all([this.store.get("state", "lock"), this.store.get("keys", "device")]);
      const isOurs = (lock?.kind ?? null) === (this.lock?.kind ?? null) && isSame(lock?.salt, this.lock?.salt);
      if (!isOurs || (this.device && !isSame(device?.publicKey, this.device.publicKey))) {
        this.onStale();
        throw new Stale();
      }
      return work();
    });
  }

  #open(dataKey, device) {
    this.device = device;
    this.sign = signerOf(device);
    this.vault = new Vault(this.store, dataKey, device.publicKey);
    this.server = new Server({ publicKey: device.publicKey, sign: this.sign, language: this.language });
  }

  async #read() {
    const { tickets, damaged } = await this.vault.read();
    Object.assign(this, { tickets, damaged, count: tickets.length + damaged.length });
  }

  async #heard() {
    this.contact = { at: Date.now(), offset: this.server.clockOffset };
    await this.store.set("state", "contact", this.contact);
  }

  async #notice(notices) {
    if (!notices.length) return;
    this.notices = [...this.notices, ...notices].slice(-20);
    await this.store.set("state", "notices", this.notices);
  }

  /** Count a try before the PIN is looked at, so that closing the page saves none. */
  async #claimTry() {
    this.tries = (await this.store.get("state", "tries")) ?? this.tries;
    if (Date.now() < this.tries.until) throw new Paused(this.tries.until);
    const wrong = this.tries.wrong + 1;
    this.tries = { wrong, until: Date.now() + pauseAfter(wrong) };
    await this.store.set("state", "tries", this.tries);
  }
}
