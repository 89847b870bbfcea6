/* Fields and drafts. A field is touched from the first keystroke until the server has acknowledged what it holds;
   a touched field is never written to, neither by a push nor by a draft. */
const touched = new WeakSet(), drafted = new WeakMap();
const ticks = f => f.type === 'checkbox' || f.type === 'radio';
const value = f => ticks(f) ? f.checked : f.value;
const pristine = f => ticks(f) ? f.checked === f.defaultChecked : f.type === 'select-one' ? !touched.has(f) : f.value === f.defaultValue;
const fields = form => {                                  // [key, field]; two dots of one option differ by their number
  const seen = {}, name = f => ticks(f) ? `${f.name}=${f.value}` : f.name;
  return [...form.elements].filter(f => f.name && !/^(hidden|submit|button|reset|password|file|fieldset|output)$/.test(f.type))
    .map(f => [`${name(f)}#${seen[name(f)] = (seen[name(f)] ?? 0) + 1}`, f]);
};
const snapshot = form => Object.fromEntries(fields(form).map(([key, f]) => [key, value(f)]));
const texts = form => fields(form).filter(([, f]) => !ticks(f) && f.type !== 'select-one');
// The footer of a form may stand outside of it: <b data-left data-of="ballot">
const part = (form, name) => form.querySelector(`[data-${name}]`) ?? (form.id && document.querySelector(`[data-${name}][data-of="${form.id}"]`));

// The text that a write is based on is the one that stood in the form when it was begun, whatever is pushed meanwhile.
// A form in which one chooses the text has a base for each, and is begun by writing in it, not by what is ticked before.
const bases = form => [...form.elements].filter(f => f.type === 'hidden' && /^base(\.|$)/.test(f.name));
const begin = (form, f, kept = {}) => bases(form).filter(b => b.name === 'base' || !ticks(f)).forEach(b => {
  if (touched.has(b)) return;
  if (b.name in kept) b.value = kept[b.name];
  touched.add(b);
});
const restore = (form, kept, given) => fields(form).forEach(([key, f]) => {
  if (!(key in kept) || touched.has(f) || !pristine(f) || value(f) === kept[key]) return;
  ticks(f) ? f.checked = kept[key] : f.value = kept[key];
  touched.add(f); begin(form, f, given);
});
const label = form => write(part(form, 'saved'), load('draft:' + form.dataset.draft) ? words.dataset.draft : '');
const keepDraft = form => {
  if (!form.dataset.draft) return;
  if (fields(form).every(([, f]) => pristine(f))) forget('draft:' + form.dataset.draft);
  else save('draft:' + form.dataset.draft, { id: form.dataset.draft, at: Date.now(), fields: snapshot(form),
    made: Math.round(now()), values: valuesOf(form), action: form.getAttribute('action'), title: $('band')?.dataset.title ?? '', text: readable(form) });
  label(form); showDrafts();
};
// What a person would recognise a form by: the words in it, and what stands beside each thing that is ticked.
const besides = f => (f.closest('[role=group][aria-labelledby]')?.firstElementChild ?? f.closest('label, .mark-row'))?.textContent.trim().replace(/\s+/g, ' ');
const readable = form => [...new Set(fields(form).filter(([, f]) => ticks(f) ? f.checked : f.value && !pristine(f))
  .map(([, f]) => ticks(f) ? besides(f) : f.type === 'select-one' ? f.selectedOptions[0].textContent.trim() : f.value))].filter(Boolean).join('\n');
const dropDraft = form => { if (form.dataset.draft) { forget('draft:' + form.dataset.draft); label(form); showDrafts(); } };
const restoreDrafts = () => every('form[data-draft]').forEach(form => {
  const { draft } = form.dataset, kept = drafted.get(form) !== draft && load('draft:' + draft);
  drafted.set(form, draft);
  if (kept) restore(form, kept.fields, kept.values);
  label(form);
});
