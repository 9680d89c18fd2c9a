// What this browser keeps, in IndexedDB: `records` (tickets, sealed), `keys` (keys that scripts cannot read),
// `state` (everything else, nothing secret).

const NAME = "tmam-wallet";
const STORES = ["records", "keys", "state"];

export class Store {
  static async open() {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => STORES.forEach((name) => opening.result.createObjectStore(name));
    const store = new Store();
    store.database = await done(opening);
    // Another window deletes or upgrades it: do not stand in its way.
    store.database.onversionchange = () => store.database.close();
    return store;
  }

  get(from, key) {
    return done(this.#in(from).get(key));
  }

  /** [key, value] of everything in a store. */
  async entries(from) {
    const store = this.#in(from);
    const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    return keys.map((key, at) => [key, values[at]]);
  }

  keys(from) {
    return done(this.#in(from).getAllKeys());
  }

  set(to, key, value) {
    return this.write((stores) => stores[to].put(value, key));
  }

  remove(from, key) {
    return this.write((stores) => stores[from].delete(key));
  }

  /** Several changes, all or none; resolves when they are on disk. */
  write(change) {
    const transaction = this.database.transaction(STORES, "readwrite", { durability: "strict" });
    change(Object.fromEntries(STORES.map((name) => [name, transaction.objectStore(name)])));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }

  #in(name) {
    return this.database.transaction(name).objectStore(name);
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}
