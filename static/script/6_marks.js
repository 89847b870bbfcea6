/* Mine inside shared. <div data-marks="R04" data-order="c3 c9 c1" data-chosen="c3 c3 c9" hidden>: my own order is a real
   order of the elements (what is seen, read aloud and tabbed through is one), so CSS `order` will not do. The attributes
   stay as pushed; only the sorting key that upsert computes (keyOf) changes, so later pushes land in my order too. */
const marked = new WeakMap();                             // option -> what was last chosen there by the server's word
const mark = el => {
  const home = $(el.dataset.marks + '-options'), chosen = (el.dataset.chosen ?? '').split(' ').filter(Boolean);
  if (!home) return;
  if (el.dataset.order) ranks.set(home.id, new Map(el.dataset.order.split(' ').map((option, i) => [option, i]))); else ranks.delete(home.id);
  sort(home);
  const form = home.closest('form');
  if (form && fields(form).some(([, f]) => touched.has(f))) return;     // not sent yet: mine on this screen is newer
  for (const option of home.children) {
    if (marked.get(option) === el.dataset.chosen) continue;
    marked.set(option, el.dataset.chosen);
    const n = chosen.filter(id => id === option.dataset.option).length;
    every('input[type=checkbox], input[type=radio]', option).forEach((input, i) => { input.checked = i < n; });
    every('[data-place]', option).forEach(place => { place.value = n ? String(n) : ''; });
  }
};
const markAll = () => {
  const marks = every('[data-marks]'), homes = marks.map(el => el.dataset.marks + '-options');
  for (const id of [...ranks.keys()]) if (!homes.includes(id)) { ranks.delete(id); if ($(id)) sort($(id)); }   // my order was taken back
  marks.forEach(mark);
};
/* Marks of my own in a list that is the same for everybody (templates/live/marks.html). My own fragment says what I have
   marked: <div data-own="H05" data-own-supported="q1 q4" data-own-written="q2">. By it a button of the list is pressed and
   takes the mark back, and what only I am to see of a thing is seen. The buttons' form stands in that fragment: who may
   mark nothing has none. */
const ownMarks = () => {
  const owned = new Map(every('[data-own]').map(el => [el.dataset.own, el]));
  for (const el of every('[data-mark]')) {
    const own = owned.get(el.dataset.in), item = el.dataset.item;
    const has = mark => Boolean(mark && own?.getAttribute('data-own-' + mark)?.split(' ').includes(item));
    const button = el.matches('button'), on = has(el.dataset.mark), hidden = button ? !el.form || has(el.dataset.unless) : !on;
    if (el.hidden !== hidden) el.hidden = hidden;
    if (button) press(el, on);
  }
};
const press = (button, on) => {
  const says = button.querySelector('[data-words]');
  if (button.getAttribute('aria-pressed') !== `${on}`) button.setAttribute('aria-pressed', on);
  write(says, on ? says.dataset.marked : says.dataset.words);
};
const intend = ({ target }) => {                          // what a press means is told by the button that is pressed
  const button = target.closest('button[data-mark]'), { on, off } = button?.form?.dataset ?? {};
  if (on) button.form.elements.command.value = button.getAttribute('aria-pressed') === 'true' ? off : on;
};
const sort = home => {
  const keys = new Map([...home.children].map(el => [el, keyOf(home, el)]));
  let at = home.firstElementChild;
  for (const el of [...keys.keys()].sort((a, b) => keys.get(a) < keys.get(b) ? -1 : 1)) {
    if (el === at) at = at.nextElementSibling; else move(home, el, at);
  }
};
// "Your ballot is in" stands in the form's foot, where the thumb is: with what is on the screen, not with what is being changed.
const foot = () => every('[data-foot]').forEach(el => {
  const form = $(el.dataset.foot), place = form && part(form, 'in');
  if (!place) return;
  write(place.querySelector('span'), el.dataset.said);
  const changed = fields(form).some(([, f]) => touched.has(f));
  if (place.hidden !== changed) place.hidden = changed;
});
const dotsOf = form => [...form.elements].filter(f => f.matches('.dot') && f.checked);
const count = form => {
  const used = dotsOf(form).length, purse = part(form, 'purse');
  write(part(form, 'left'), String(form.dataset.dots - used));
  if (purse) [...purse.children].forEach((dot, i) => dot.classList.toggle('spent', i < used));
};
const overspent = (form, dot) => {                        // takes the dot back and says why
  const used = dotsOf(form), same = used.filter(f => f.value === dot.value), says = part(form, 'limit');
  const why = dot.checked && (used.length > +form.dataset.dots ? 'limit' : same.length > +(form.dataset.max ?? Infinity) ? 'limitSame' : '');
  if (why) dot.checked = false;
  write(says, why ? says?.dataset[why] : '');
  count(form);
  return why;
};
