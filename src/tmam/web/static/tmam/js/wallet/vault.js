// The tickets themselves: each sealed for its own place, checked whenever the wallet is opened.
import { fromBase64, fromUtf8, same, utf8 } from "./bytes.js";
import { isSigned } from "./device-key.js";
import { CERTIFICATE_BYTES, readCertificate } from "./live-code.js";
import { seal, unseal } from "./lock.js";

const INDEX = "index";
const about = (id) => utf8(`tmam-wallet-record\n${id}`);

export const idOf = ({ event, serial }) => `${event}/${serial}`;
export const fromId = (id) => ({ event: Number(id.split("/")[0]), serial: Number(id.split("/")[1]) });

/** The ids of what is stored, which need no key. */
export async function storedIds(store) {
  return (await store.keys("records")).filter((key) => key !== INDEX);
}

/** Tickets in parts as large as one message may be: so many tickets, of so many events. */
export function portions(tickets, { mostTickets = 200, mostEvents = 50 } = {}) {
  const parts = [];
  let events = new Set();
  for (const ticket of [...tickets].sort((one, other) => one.event - other.event)) {
    const part = parts.at(-1);
    if (!part || part.length >= mostTickets || (events.size >= mostEvents && !events.has(ticket.event))) {
      parts.push([ticket]);
      events = new Set([ticket.event]);
    } else {
      part.push(ticket);
      events.add(ticket.event);
    }
  }
  return parts;
}

export class Vault {
  constructor(store, dataKey, publicKey) {
    Object.assign(this, { store, dataKey, publicKey, damaged: [] });
  }

  /** `{tickets, damaged}`: the records that are whole and genuine, and the ids of those that are not. */
  async read() {
    const entries = new Map(await this.store.entries("records"));
    const listed = await this.#open(INDEX, entries.get(INDEX), []);
    entries.delete(INDEX);
    const damaged = new Set();
    const tickets = [];
    for (const id of listed ?? entries.keys()) if (listed === null || !entries.has(id)) damaged.add(id);
    for (const [id, sealed] of entries) {
      const record = await this.#open(id, sealed, null);
      if (record && idOf(record) === id && (await this.#isGenuine(record))) tickets.push(record);
      else damaged.add(id);
    }
    const whole = tickets.filter((record) => !damaged.has(idOf(record)));
    whole.sort((one, other) => one.startsAt - other.startsAt || one.serial - other.serial);
    this.damaged = [...damaged];
    return { tickets: whole, damaged: this.damaged };
  }

  /** Put records in and take ids out, all or none. */
  async change(records, removed = []) {
    const ids = new Set([...(await storedIds(this.store)), ...this.damaged]);
    removed.forEach((id) => ids.delete(id));
    const sealed = await this.sealed(records, ids);
    await this.store.write(({ records: into }) => {
      removed.forEach((id) => into.delete(id));
      sealed.forEach(([id, bytes]) => into.put(bytes, id));
    });
  }

  /** [id, bytes] of records as they are stored, and of the list of all ids: these and `others`. */
  async sealed(records, others) {
    const ids = new Set([...others, ...records.map(idOf)]);
    const entries = records.map((record) => [idOf(record), record]);
    entries.push([INDEX, [...ids].sort()]);
    return Promise.all(entries.map(async ([id, content]) => [id, await seal(this.dataKey, utf8(JSON.stringify(content)), about(id))]));
  }

  async #open(id, sealed, absent) {
    if (sealed === undefined) return absent;
    try {
      return JSON.parse(fromUtf8(await unseal(this.dataKey, new Uint8Array(sealed), about(id))));
    } catch {
      return null;
    }
  }

  /** The organizer's key has signed it, for this ticket and this phone. */
  async #isGenuine(record) {
    const certificate = fromBase64(record.certificate);
    if (certificate.length !== CERTIFICATE_BYTES) return false;
    const says = readCertificate(certificate);
    const key = record.keys[says.keyId];
    return (
      key !== undefined &&
      says.event === record.event &&
      says.serial === record.serial &&
      says.generation === record.generation &&
      same(says.deviceKey, this.publicKey) &&
      (await isSigned(fromBase64(key), says.signed, says.signature))
    );
  }
}
