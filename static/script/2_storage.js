/* Storage: one key per thing, so that two tabs never overwrite each other's. */
const mine = `race:${data.code}:${data.person}:`;
const memory = { getItem(k) { return this[k] ?? null; }, setItem(k, v) { this[k] = v; }, removeItem(k) { delete this[k]; } };
let shelf = Object.create(memory);
try { shelf = localStorage ?? shelf; } catch { /* blocked: this page alone remembers */ }
const load = key => JSON.parse(shelf.getItem(mine + key));
const forget = key => shelf.removeItem(mine + key);
const save = (key, thing) => {
  try { shelf.setItem(mine + key, JSON.stringify(thing)); } catch {   // full
    shelf = Object.assign(Object.create(memory), shelf);
    shelf.setItem(mine + key, JSON.stringify(thing));
  }
};
const all = kind => Object.keys(shelf).filter(key => key.startsWith(mine + kind))
  .map(key => load(key.slice(mine.length))).sort((a, b) => a.at - b.at);
