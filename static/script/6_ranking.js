/* A ballot that puts options in order: <form data-ranking>. A number says each option's place; + puts one behind those that
   have a place, the arrows change places with the neighbour, beyond the last it loses its place. Rows stand in that order. */
const placesOf = form => every('[data-place]', form);
const inOrder = form => placesOf(form).filter(f => f.value).sort((a, b) => a.value - b.value);
const rowOf = f => f.closest('.ranked');
const showOrder = form => {
  const order = inOrder(form), all = placesOf(form), home = all[0] && rowOf(all[0]).parentElement;
  if (!home) return;
  write(part(form, 'ranked'), String(order.length));
  for (const f of all) {
    const row = rowOf(f), at = order.indexOf(f), [higher, lower, add] = every('[data-step]', row);
    row.classList.toggle('placed', at >= 0);
    row.querySelector('.by-press').hidden = false;
    higher.hidden = lower.hidden = at < 0; add.hidden = at >= 0; higher.disabled = at === 0;
  }
  const rest = [...home.children].filter(row => !row.classList.contains('placed'));
  [...order.map(rowOf), ...rest].forEach((row, i) => { if (home.children[i] !== row) move(home, row, home.children[i]); });
  if (home.id) ranks.set(home.id, new Map([...home.children].map((row, i) => [row.dataset.option, i])));
};
const putInOrder = button => {
  const form = button.form, f = rowOf(button).querySelector('[data-place]'), order = inOrder(form), at = order.indexOf(f);
  if (at < 0) order.push(f);
  else {
    order.splice(at, 1);
    if (at + +button.dataset.step <= order.length) order.splice(at + +button.dataset.step, 0, f);
  }
  placesOf(form).forEach(other => { other.value = order.includes(other) ? String(order.indexOf(other) + 1) : ''; });
  f.dispatchEvent(new Event('input', { bubbles: true }));
  showOrder(form);
  [button, ...every('[data-step]', rowOf(f))].find(b => !b.hidden && !b.disabled)?.focus();
};
document.addEventListener('click', ({ target }) => { const button = target.closest('form[data-ranking] [data-step]'); if (button) putInOrder(button); });
document.addEventListener('change', ({ target }) => { if (target.matches('form[data-ranking] [data-place]')) showOrder(target.form); });
