/* What is pressed is what was seen. Where a push changes what a control under the finger (or the one that has the focus)
   means, presses there count for nothing for a moment: a second click on the main button would skip a phase, one on a
   list that has moved would hit somebody else. */
const MOMENT = 700;                                       // milliseconds: a double click is over, and people have looked again
let finger = null, settled = 0, byKey = false;            // where the pointer is; the timer that ends the moment; what has the focus shifted
const spot = f => f && (f.mouse || performance.now() - f.at < 1500) ? document.elementFromPoint(f.x, f.y) : null;
const meaning = el => {
  const control = el?.closest?.('button, a, summary, input, select, label'), form = control?.form ?? control?.closest('form');
  if (!control || control.matches('[data-draft] *, textarea')) return '';
  const unseen = form ? every('input[type=hidden]', form).map(f => `${f.name}=${f.value}`) : [];
  return [...unseen, control.tagName, control.getAttribute('href'), control.textContent.trim()].join('&');
};
const aimed = () => [meaning(spot(finger)), meaning(document.activeElement)];
const shifted = before => {
  const after = aimed(), moved = after.map((means, i) => Boolean(means && before[i] && means !== before[i]));
  if (!moved[0] && !moved[1]) return;
  byKey = moved[1];
  if (moved[0]) data.shifted = `${Math.round(finger.x)} ${Math.round(finger.y)}`; else data.shifted = 'focus';
  clearTimeout(settled);
  settled = setTimeout(() => { delete data.shifted; }, MOMENT);
};
const missed = ({ detail, clientX, clientY }) => {
  if (!data.shifted) return false;
  if (!detail) return byKey;                                // pressed by key
  if (data.shifted === 'focus') return false;
  const [x, y] = data.shifted.split(' ');
  return Math.hypot(clientX - x, clientY - y) < 32;
};
const follows = e => { finger = { x: e.clientX, y: e.clientY, at: performance.now(), mouse: e.pointerType === 'mouse' }; };
document.addEventListener('pointermove', follows, { passive: true });
document.addEventListener('pointerdown', follows, { passive: true });
document.addEventListener('click', e => { if (missed(e)) { e.preventDefault(); e.stopImmediatePropagation(); } }, true);
