/* Events. */
window.htmx?.config.morphIgnore.push('open');             // a push must not shut what somebody has opened
window.htmx?.registerExtension('live', {
  init: given => { api = given; },
  handle_swap: upsert,
  htmx_before_morph_node: (el, { oldNode, newNode }) => { takeUp(oldNode, newNode); return !touched.has(oldNode); },
  htmx_ws_before_connection: (el, { connection }) => { conn = connection; },
  htmx_ws_after_connection: (el, { connection }) => resume(connection),
  // A server that has gone down is asked again by thousands: not all of them in the same moment.
  htmx_ws_close: (el, { connection, code }) => { connection.config.reconnectDelay = 200 + Math.random() * (code === 1006 ? 800 : 2000); },
  htmx_ws_before_message_outgoing: (el, detail) => { detail.cancelled = true; put(el, detail.message.values); },
  htmx_ws_before_message_incoming: (el, { message }) => {
    heard = Date.now();
    if (message.data[0] === '{') hear(JSON.parse(message.data));
  },
  // No connection to hand it to (the server has closed for good): it goes by plain HTTP, from the outbox like all else.
  htmx_ws_error: (el, { error }) => { if (error === 'Connection not open') put(el, valuesOf(el)); },
});

const due = new WeakMap();
const sendSoon = (form, ms) => { clearTimeout(due.get(form)); due.set(form, setTimeout(sendNow, ms, form)); };
const sendNow = form => { clearTimeout(due.get(form)); due.delete(form); if (form.isConnected && !faulty(form)) form.requestSubmit(); };
document.addEventListener('input', ({ target: f }) => {
  const form = f.form;
  if (!form || (form.dataset.dots && f.matches('.dot') && overspent(form, f))) return;
  touched.add(f); begin(form, f); keepDraft(form); foot();
  if (f.dataset.fits) counting(f); else f.removeAttribute('aria-invalid');
  every('[data-fault]', form).forEach(el => el.remove());
  if ('autosend' in form.dataset) sendSoon(form, ticks(f) || f.type === 'select-one' ? 250 : 800);
});
document.addEventListener('change', ({ target: f }) => { if (f.form && due.has(f.form) && !ticks(f)) sendNow(f.form); });
document.addEventListener('click', intend);
// Before htmx hears of it: what is missing or too long is said here and in this page's language, and nothing is sent.
document.addEventListener('submit', event => {
  const found = live && event.target.matches('[hx-ws\\:send]') && !event.submitter?.formNoValidate && faulty(event.target);
  if (found) { event.preventDefault(); event.stopImmediatePropagation(); sayFault(found); }
}, true);
const drafts = { send: sendDraft, copy: copyDraft,
  discard: d => { discarded.set(d.id, d); forget('draft:' + d.id); show(); },
  bringBack: d => { discarded.delete(d.id); save('draft:' + d.id, d); show(); } };
document.addEventListener('click', ({ target }) => {
  const button = target.closest('#drafts button'), id = button?.closest('[data-entry]').dataset.entry;
  const draft = id && (discarded.get(id) ?? load('draft:' + id)), act = draft && Object.keys(drafts).find(name => name in button.dataset);
  if (act) drafts[act](draft, button);
  const slipped = target.closest('[data-dismiss]')?.closest('[data-entry]');
  if (slipped) { forget('refused:' + slipped.dataset.entry); show(); }
});
document.addEventListener('visibilitychange', () => { heard = seen = Date.now(); tick(); });
addEventListener('storage', ({ key }) => { if (!key || key.startsWith(mine)) show(); });
addEventListener('pageshow', ({ persisted }) => { if (persisted) location.reload(); });   // htmx left its socket for good at pagehide

settle(); tick();
