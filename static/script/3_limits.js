/* Limits. Nothing is cut: the page counts, and what is too long is not sent before it is shorter. */
const counting = f => {
  const limit = +f.dataset.fits, count = [...f.value.trim()].length, at = f.closest('label') ?? f, over = count - limit;
  let line = at.parentNode.querySelector(`:scope > [data-counting="${f.name}"]`);
  if (count <= limit * 0.8) { line?.remove(); f.removeAttribute('aria-invalid'); return; }
  if (!line) { line = words.content.querySelector('[data-counting]').cloneNode(true); line.dataset.counting = f.name; at.after(line); }
  write(line, (over > 0 ? words.dataset.over : words.dataset.count).replace('{count}', count).replace('{limit}', limit).replace('{over}', over));
  line.classList.toggle('fault', over > 0);
  over > 0 ? f.setAttribute('aria-invalid', 'true') : f.removeAttribute('aria-invalid');
};
const tooLong = f => f.dataset.fits && [...f.value.trim()].length > +f.dataset.fits;
// The first thing that stands in the way of sending a form, said in the page's language at its place.
const faulty = form => [...form.elements].find(f => f.willValidate && (tooLong(f) || !f.checkValidity()));
const sayFault = f => {
  const form = f.form, at = f.closest('fieldset, [role=group]') ?? f.closest('label, .field') ?? f;
  every('[data-fault]', form).forEach(el => el.remove());
  const line = words.content.querySelector('[data-fault]').cloneNode(true);
  at.after(line);
  if (tooLong(f)) counting(f);
  write(line, tooLong(f) ? words.dataset.over.replace('{over}', [...f.value.trim()].length - f.dataset.fits) : f.validity.valueMissing ? words.dataset.missing : words.dataset.unfit);
  f.setAttribute('aria-invalid', 'true'); f.closest('details')?.setAttribute('open', ''); f.focus();
};
