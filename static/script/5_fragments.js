/* Pushed fragments: the swap style "upsert". Applying one twice, late or with others skipped gives the same page. */
let api, conn, stuck = false;
const gone = new Map(), ranks = new Map();
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const fragment = (...nodes) => { const f = document.createDocumentFragment(); f.append(...nodes); return f; };
// A home that my marks have put in my own order sorts by that order first; data-k itself stays as the server wrote it.
const keyOf = (home, el) => {
  const rank = ranks.get(home.id);
  return rank ? String(rank.get(el.dataset.option) ?? 1e6).padStart(7, '0') + el.dataset.k : el.dataset.k;
};
const place = (home, key) => {                            // the first child whose key is not smaller
  const c = home.children; let a = 0, b = c.length;
  while (a < b) { const m = (a + b) >> 1; if (keyOf(home, c[m]) < key) a = m + 1; else b = m; }
  return c[a] ?? null;
};
const move = (home, el, before) => {
  if (home.moveBefore && el.parentNode) return home.moveBefore(el, before);   // keeps focus, caret and animations
  const f = document.activeElement, caret = el.contains(f) && [f.selectionStart, f.selectionEnd];
  home.insertBefore(el, before);
  if (caret) { f.focus({ preventScroll: true }); if (caret[0] != null) f.setSelectionRange(...caret); }
};
const apply = el => {
  const { home: homeId, v, gone: dead } = el.dataset, old = $(el.id), home = homeId && $(homeId);
  if (+v <= (old ? +old.dataset.v : gone.get(el.id))) return;           // late or repeated
  if (dead != null || (homeId && !home)) { gone.set(el.id, +v); if (old) api.morph(old, fragment(), false); return; }
  if (!old) { if (home) { home.insertBefore(el, place(home, keyOf(home, el))); fresh.push(el); } return home && el; }
  if (home && (old.parentNode !== home || keyOf(home, old) !== keyOf(home, el))) {
    const before = place(home, keyOf(home, el));
    if (old.parentNode !== home || (before !== old && before !== old.nextElementSibling)) move(home, old, before);
  }
  api.morph(old, fragment(el), false);
  every('select', $(el.id)).forEach(follow);
  return $(el.id);
};
// A field that has focus is left alone by the morph: one that nobody has touched takes the new text all the same, or its
// next write would be said to be based on what it never showed.
const takeUp = (f, pushed) => {
  if (f !== document.activeElement || touched.has(f) || !f.matches('textarea, input') || ticks(f) || f.value === pushed.value) return;
  const caret = Math.min(f.selectionStart ?? 0, pushed.value.length);
  f.value = pushed.value;
  if (f.selectionStart != null) f.setSelectionRange(caret, caret);
};
// Once somebody has chosen in it, a select no longer listens to the markup: what others chose is chosen here too.
const follow = f => { if (!touched.has(f)) f.value = f.querySelector('[selected]')?.value ?? f.options[0]?.value ?? ''; };
// New things move in by 12 px; a crowd of them (a resume) just stands there.
let fresh = [];
const moveIn = () => {
  if (!calm.matches && fresh.length <= 12) fresh.forEach(el => el.animate?.([{ transform: 'translateY(0.75rem)' }, {}], { duration: 260, easing: 'cubic-bezier(0.2, 0, 0, 1)' }));
  fresh = [];
};
const upsert = (style, target, pushed, spec) => {
  if (style !== 'upsert') return false;
  const changed = [], before = aimed();
  for (const el of [...pushed.children]) {
    try { const now = apply(el); if (now) changed.push(now); } catch (error) { console.error(error); fault(); }
  }
  if (!stuck && +spec.seq > +data.seq) data.seq = spec.seq;
  moveIn(); settle(); shifted(before);
  return changed;                                         // htmx processes only these
};
// Something could not be applied: the seq stands still, and a new connection asks again from there.
const fault = () => { if (!stuck) { stuck = true; setTimeout(hangUp, 5000); } };
// What changes and is not seen is said: a new phase, an announcement, a ballot that is in.
const said = new Map();
const speak = () => {
  const news = every('[data-said]').filter(el => said.get(el.id) !== el.dataset.said);
  const first = !said.size;
  news.forEach(el => said.set(el.id, el.dataset.said));
  if (!first && news.length) write($('heard'), news.map(el => el.dataset.said).join('. '));
};
const settle = () => {
  const band = $('band');
  if (band) {
    if (band.dataset.kind) data.kind = band.dataset.kind;
    if (band.dataset.scene) page.dataset.scene = band.dataset.scene; else delete page.dataset.scene;
    if (band.dataset.title && document.title !== band.dataset.title) document.title = band.dataset.title;
  }
  restoreDrafts(); markAll(); ownMarks();
  every('form[data-dots]').forEach(count); every('form[data-ranking]').forEach(showOrder);
  every('time[data-at]').forEach(stamp); clocks(); fitAll(); toNow(); show(); speak();
  every('[data-fits]').forEach(counting);
};
