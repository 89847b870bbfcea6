/* Outbox: a command is stored before it is sent and forgotten only when the server has answered for it. It is the only
   sender: htmx's own sending and its queue in memory are cancelled, so nothing can go out twice by two ways. */
let tab = token(), lastAt = 0;
try { tab = sessionStorage.race ??= tab; } catch { /* each page load counts as a tab of its own */ }
const sent = new Map(), tried = new Set(), lastSent = new WeakMap();
const senders = () => every('[hx-ws\\:send]');
const nameOf = el => el.dataset.draft || el.id || el.getAttribute('hx-vals')
  || every('input[type=hidden]', el).map(f => `${f.name}=${f.value}`).join('&');
const senderOf = entry => senders().find(el => nameOf(el) === entry.from);
const asText = v => Array.isArray(v) ? v.map(String) : String(v);
// What another tab has just written is that tab's to send, unless that tab seems to be gone.
const ours = entry => entry.tab === tab || Date.now() - entry.at > 10000;
const outbox = () => all('out:');

const put = (el, raw) => {
  const values = Object.fromEntries(Object.entries(raw).map(([name, v]) => [name, asText(v)]));
  const form = el.matches('form') ? el : null, from = nameOf(el), same = JSON.stringify(values);
  const auto = form && 'autosend' in form.dataset, keep = auto || (form && 'keep' in form.dataset), waiting = outbox();
  if (waiting.some(e => e.from === from && e.same === same)) return;   // an impatient second press
  if (auto && lastSent.get(form) === same) return;
  if (auto) waiting.filter(e => e.from === from && e.tab === tab && !tried.has(e.id)).forEach(e => forget('out:' + e.id));   // only the newest state matters
  if (form) lastSent.set(form, same);
  const main = form && (form.querySelector('[data-main]') ?? form.querySelector('textarea'));
  const at = lastAt = Math.max(Date.now(), lastAt + 1);
  const entry = { id: idAt(at), at, tab, from, same, keep,
    values: { ...values, made: `${Math.round(now())}` },   // when it was written, by the server's clock: it may arrive late
    action: form?.getAttribute('action') ?? `/s/${data.code}/do`, echo: form ? 'echo' in form.dataset : false,
    text: main?.value ?? '', fields: form && snapshot(form), draft: form?.dataset.draft };
  save('out:' + entry.id, entry);
  if (form && !keep) empty(form, entry.fields);
  flush(); show();
  setTimeout(show, 400);                                  // a button looks unsent only when the answer takes its time
};
const valuesOf = el => {
  if (!el.matches('form')) return JSON.parse(el.getAttribute('hx-vals'));
  const given = new FormData(el), pressed = document.activeElement;
  if (pressed?.form === el && pressed.type === 'submit' && pressed.name) given.append(pressed.name, pressed.value);
  return Object.fromEntries([...given.keys()].map(name => [name, given.getAll(name)]).map(([name, all]) => [name, all.length > 1 ? all : all[0]]));
};
const empty = (form, was) => {
  texts(form).forEach(([key, f]) => { if (f.value === was[key]) { f.value = ''; touched.delete(f); } });
  dropDraft(form);
};
const flush = () => {
  if (!open()) return;
  for (const entry of outbox()) {
    // Unanswered for 30 s on an open socket: say it again, the server knows the id.
    if (!ours(entry) || Date.now() - (sent.get(entry.id) ?? -Infinity) < 30000) continue;
    sent.set(entry.id, Date.now()); tried.add(entry.id);
    conn.socket.send(JSON.stringify({ ...entry.values, id: entry.id }));
  }
};
const answered = id => {
  const entry = load('out:' + id), form = entry?.fields && senderOf(entry);
  forget('out:' + id);
  if (!outbox().length) forget('refused:later');
  const kept = entry?.draft && load('draft:' + entry.draft);
  if (!form) { if (kept && JSON.stringify(kept.fields) === JSON.stringify(entry.fields)) forget('draft:' + entry.draft); return; }
  fields(form).forEach(([key, f]) => { if (value(f) === entry.fields[key]) touched.delete(f); });   // what was typed since stays touched
  if (fields(form).some(([, f]) => touched.has(f))) return;
  bases(form).forEach(b => touched.delete(b));
  dropDraft(form);
};
// Not decided, only not now: it stays in the outbox and goes out again after two to four seconds.
const later = /^(busy|not_stored|too_fast|unproved)$/;
const postpone = (id, { message }) => {
  if (!load('out:' + id)) return;
  sent.set(id, Date.now() - 28000 + Math.random() * 2000);
  say('later', message);
};
const say = (id, message) => save('refused:' + id, { id, at: Date.now(), message, text: '' });
const refused = (id, { message, times }) => {
  const entry = load('out:' + id), form = entry?.fields && senderOf(entry);
  if (!id) say('page', message);
  if (!entry) return;
  forget('out:' + id);
  const kept = entry.draft && !form && load('draft:' + entry.draft);
  if (kept && $('drafts')) { save('draft:' + entry.draft, { ...kept, message, times }); return; }
  save('refused:' + id, { id, at: entry.at, message, times, text: entry.text });
  if (!form) return;
  lastSent.delete(form);
  if (entry.keep || texts(form).some(([, f]) => f.value)) return;   // never mix old words into new ones
  restore(form, entry.fields, entry.values); keepDraft(form);
};

const slip = (state, entry) => {
  const li = words.content.querySelector(`[data-state="${state}"]`).cloneNode(true);
  li.dataset.entry = entry.id;
  const text = li.querySelector('[data-text]');
  write(text, entry.text); if (text) text.hidden = !entry.text;
  write(li.querySelector('[data-message]'), worded(entry));
  return li;
};
const fill = (list, entries, state) => {
  const shown = new Map(every('[data-entry]', list).map(li => [li.dataset.entry, li]));
  entries.forEach(e => shown.delete(e.id) || list.append(slip(state, e)));
  shown.forEach(li => li.remove());
};
const listFor = entry => senderOf(entry)?.closest('.pane')?.querySelector('[data-outbox]') ?? $('outbox');
const show = () => {
  const waiting = outbox(), echoes = waiting.filter(e => e.echo).map(e => [listFor(e), e]);
  every('#outbox, [data-outbox]').forEach(list => fill(list, echoes.filter(([l]) => l === list).map(([, e]) => e), 'waiting'));
  if ($('refusals')) fill($('refusals'), all('refused:'), 'refused');
  const slow = waiting.filter(e => !e.echo && Date.now() - e.at > 300).map(e => [senderOf(e), e]).filter(([el]) => el);
  every('.waiting[data-held]').forEach(el => { el.classList.remove('waiting'); delete el.dataset.held; });
  const pressed = (b, e) => b.type === 'submit' && (!b.name || b.value === (e.values[b.name] ?? b.value));
  slow.forEach(([el, e]) => [el, ...[...(el.elements ?? [])].filter(b => pressed(b, e))].forEach(b => { b.classList.add('waiting'); b.dataset.held = ''; }));
  every('[data-waiting-count]').forEach(el => write(el, String(waiting.length)));
  every('[data-if-waiting]').forEach(el => { el.hidden = !waiting.length; });
  showDrafts(); foot();
};
