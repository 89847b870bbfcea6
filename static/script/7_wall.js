/* The wall. What stands in [data-fit="6 5 4 3.2"] is as large (in hundredths of the picture's height) as there is room
   for; [data-pages] shows its pages in turn. Space holds the page, arrows turn it. */
const TURN = 20000, wide = el => el.scrollWidth > el.clientWidth + 1;
// Nothing stands over the edge, and no word is broken; but for one that fits nowhere, as a link.
const spills = el => el.scrollHeight > el.clientHeight + 2 || wide(el)
  || every('p, h2, li', el).some(one => wide(one) && !/\S{25}/.test(one.textContent));
const fit = el => {
  el.classList.add('fitting');
  el.dataset.fit.split(' ').some(size => { el.style.setProperty('--fit', size); return !spills(el); });
  el.classList.remove('fitting');
};
const spare = el => { el.hidden = false; el.hidden = spills(el.parentElement); };   // stands there only if there is room
const fitAll = () => {
  if (page.dataset.view !== 'screen') return;
  every('[data-fit]').filter(el => el.offsetParent).forEach(fit);
  every('[data-spare]').forEach(spare);
};
const began = new WeakMap();                              // at which turn a list was first seen: it begins with its first page
let held = null, turned = 0;                              // the turn at which somebody holds the wall; pages turned by hand
const turnPages = () => every('[data-pages]').forEach(el => {
  const pages = [...el.children].filter(one => one.matches('.page')), turn = (held ?? Math.floor(Date.now() / TURN)) + turned;
  if (!began.has(el)) began.set(el, turn);
  const at = pages.length ? ((turn - began.get(el)) % pages.length + pages.length) % pages.length : 0;
  pages.forEach((one, i) => {
    if (one.hidden === (i !== at)) return;
    one.hidden = i !== at;
    every('[data-fit]', one).filter(inner => inner.offsetParent).forEach(fit);
  });
});
const shares = t => every('progress[data-from]').forEach(el => {
  el.value = Math.min(1, Math.max(0, (t - el.dataset.from) / (el.dataset.to - el.dataset.from)));
});
if (page.dataset.view === 'screen') {
  addEventListener('resize', fitAll);
  document.fonts?.ready.then(fitAll);
  addEventListener('keydown', ({ key, target }) => {
    if (target.closest?.('button, a, input') || !$('stage')) return;
    if (key === ' ') held = held == null ? Math.floor(Date.now() / TURN) : null;
    else if (key === 'ArrowRight') turned++; else if (key === 'ArrowLeft') turned--; else return;
    turnPages();
  });
}
/* The projector's machine stays awake while the page is seen, and fills the screen when somebody asks for it: both need a
   browser that can, and say nothing where it cannot. */
const stayAwake = () => { if (!document.hidden) navigator.wakeLock?.request('screen').catch(() => {}); };
const fillScreen = $('fullscreen');
if (page.dataset.view === 'screen') { stayAwake(); document.addEventListener('visibilitychange', stayAwake); }
if (fillScreen && document.fullscreenEnabled) {
  const look = () => { fillScreen.hidden = !!document.fullscreenElement; };
  fillScreen.addEventListener('click', () => document.documentElement.requestFullscreen().then(stayAwake, () => {}));
  document.addEventListener('fullscreenchange', look);
  look();
}
