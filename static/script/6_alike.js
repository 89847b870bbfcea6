/* Hints at cards that say nearly what is being written: <form data-alike="/s/…/alike">. Asked after a pause, never waited
   for: sending goes on whatever comes of it. "Mine too" is a button of the form itself, "something else" hides the hint. */
const waiting = new WeakMap(), askedFor = new WeakMap(), dismissed = new Set();
const wordsOf = form => texts(form).map(([, f]) => f.value.trim()).filter(Boolean).join(' ');
const hintSoon = form => { clearTimeout(waiting.get(form)); waiting.set(form, setTimeout(askForHints, 700, form)); };
const askForHints = async form => {
  const text = wordsOf(form), phase = form.elements.phase?.value;
  if (!form.isConnected || text === askedFor.get(form)) return;
  askedFor.set(form, text);
  if (text.length < 12) return showHints(form, []);
  try {
    const answer = await fetch(form.dataset.alike, { method: 'POST', body: new URLSearchParams({ phase, text }), cache: 'no-store' });
    if (answer.ok && wordsOf(form) === text) showHints(form, await answer.json());
  } catch { /* no network: no hints */ }
};
const showHints = (form, found) => {
  const home = form.querySelector('[data-hints]'), blank = form.querySelector('template');
  home?.replaceChildren(...found.filter(card => !dismissed.has(card.id)).slice(0, 2).map(card => {
    const hint = blank.content.firstElementChild.cloneNode(true), title = hint.querySelector('b'), quote = hint.querySelector('blockquote');
    write(title, title.textContent.replace('{number}', card.number)); write(quote, card.headline); quote.lang = card.language;
    hint.querySelector('[name=like]').value = hint.dataset.hint = card.id;
    return hint;
  }));
};
document.addEventListener('input', ({ target: f }) => { if (live && f.form?.dataset.alike) hintSoon(f.form); });
document.addEventListener('click', ({ target }) => {
  const hint = target.closest('[data-other]')?.closest('[data-hint]');
  if (hint) { dismissed.add(hint.dataset.hint); hint.remove(); }
});
document.addEventListener('submit', ({ target: form }) => { if (form.dataset.alike) { askedFor.delete(form); setTimeout(showHints, 0, form, []); } });
