/* Drafts whose form is not on this page: their phase is over, or they belong to another place. Shown under Mine. */
const discarded = new Map();                              // by id, until this page is left
const strays = () => all('draft:').filter(d => d.values && !every('form[data-draft]').some(form => form.dataset.draft === d.id));
const showDrafts = () => {
  const list = $('drafts'), found = strays(), shown = [...found, ...discarded.values()].sort((a, b) => a.at - b.at);
  every('[data-if-drafts]').forEach(el => { el.hidden = !(list ? shown : found).length; });
  if (list) {
    fill(list, shown, 'draft');
    shown.forEach(d => {
      const li = list.querySelector(`[data-entry="${CSS.escape(d.id)}"]`), gone = discarded.has(d.id), sending = outbox().some(e => e.draft === d.id);
      const area = li.querySelector('textarea'), time = li.querySelector('time');
      if (area.value !== d.text) area.value = d.text;
      write(li.querySelector('[data-title]'), d.title); time.dataset.at = d.made; stamp(time);
      write(li.querySelector('[data-message]'), worded(d)); li.querySelector('[data-message]').hidden = !d.message;
      every('[data-send], [data-copy], [data-discard]', li).forEach(b => { b.hidden = gone || (sending && !('copy' in b.dataset)); });
      li.querySelector('[data-bring-back]').hidden = !gone;
    });
  }
  const unsent = outbox().length + found.length;
  every('[data-unsent-count]').forEach(el => write(el, String(unsent)));
  every('[data-if-unsent]').forEach(el => { el.hidden = !unsent; });
};
// It says when it was written: whether it still counts is for the rules, or the facilitator, to tell.
const sendDraft = d => {
  const at = lastAt = Math.max(Date.now(), lastAt + 1);
  save('draft:' + d.id, { ...d, message: '' });
  const id = idAt(at);
  save('out:' + id, { id, at, tab, from: d.id, same: JSON.stringify(d.values), keep: true, draft: d.id, fields: d.fields,
    values: { ...d.values, made: String(d.made) }, action: d.action, echo: false, text: d.text });
  flush(); show();
};
const copyDraft = (d, button) => {
  button.closest('li').querySelector('textarea').select();
  document.execCommand('copy');                           // navigator.clipboard does not exist on plain http in a venue
  write(button, words.dataset.copied);
};
