/* race.js: what htmx does not do for a race. htmx opens the socket, collects forms and parses what is pushed; here are
   1 storage  2 fields and drafts  3 outbox  4 pushed fragments  5 my marks, dots  6 clocks  7 the link  8 events.
   Every word a person reads comes from the page (<template id="words">); nothing here builds HTML from text. */
(() => {
  'use strict';
  const page = document.documentElement, body = document.body, data = body.dataset;
  const $ = id => document.getElementById(id), every = (css, root = document) => [...root.querySelectorAll(css)];
  const words = $('words'), live = window.htmx && body.getAttribute('hx-ws:connect');   // without htmx forms are plain HTTP
  const write = (el, text) => { if (el && el.textContent !== text) el.textContent = text; };
  // 128 random bits; crypto.randomUUID does not exist on plain http in a venue.
  // An id that begins with the time: the server's index of commands grows at its end.
  const idAt = at => at.toString(16).padStart(12, '0') + token().slice(12);
  const token = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), n => n.toString(16).padStart(2, '0')).join('');

  /* 1 Storage: one key per thing, so that two tabs never overwrite each other's. */
  const mine = `race:${data.code}:${data.person}:`;
  const memory = { getItem(k) { return this[k] ?? null; }, setItem(k, v) { this[k] = v; }, removeItem(k) { delete this[k]; } };
  let shelf = Object.create(memory);
  try { shelf = localStorage ?? shelf; } catch { /* blocked: this page alone remembers */ }
  const load = key => JSON.parse(shelf.getItem(mine + key));
  const forget = key => shelf.removeItem(mine + key);
  const save = (key, thing) => {
    try { shelf.setItem(mine + key, JSON.stringify(thing)); } catch {   // full
      shelf = Object.assign(Object.create(memory), shelf);
      shelf.setItem(mine + key, JSON.stringify(thing));
    }
  };
  const all = kind => Object.keys(shelf).filter(key => key.startsWith(mine + kind))
    .map(key => load(key.slice(mine.length))).sort((a, b) => a.at - b.at);

  /* 2 Fields and drafts. A field is touched from the first keystroke until the server has acknowledged what it holds;
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

  const restore = (form, kept) => fields(form).forEach(([key, f]) => {
    if (!(key in kept) || touched.has(f) || !pristine(f) || value(f) === kept[key]) return;
    ticks(f) ? f.checked = kept[key] : f.value = kept[key];
    touched.add(f);
  });
  const label = form => write(part(form, 'saved'), load('draft:' + form.dataset.draft) ? words.dataset.draft : '');
  const keepDraft = form => {
    if (!form.dataset.draft) return;
    if (fields(form).every(([, f]) => pristine(f))) forget('draft:' + form.dataset.draft);
    else save('draft:' + form.dataset.draft, { fields: snapshot(form) });
    label(form);
  };
  const dropDraft = form => { if (form.dataset.draft) { forget('draft:' + form.dataset.draft); label(form); } };
  const restoreDrafts = () => every('form[data-draft]').forEach(form => {
    const { draft } = form.dataset, kept = drafted.get(form) !== draft && load('draft:' + draft);
    drafted.set(form, draft);
    if (kept) restore(form, kept.fields);
    label(form);
  });

  /* 3 Outbox: a command is stored before it is sent and forgotten only when the server has answered for it. It is the only
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
      text: main?.value ?? '', fields: form && snapshot(form) };
    save('out:' + entry.id, entry);
    if (form && !keep) empty(form, entry.fields);
    el.closest('dialog[open]')?.close();
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
    if (!form) return;
    fields(form).forEach(([key, f]) => { if (value(f) === entry.fields[key]) touched.delete(f); });   // what was typed since stays touched
    if (!fields(form).some(([, f]) => touched.has(f))) dropDraft(form);
  };
  // Not decided, only not now: it stays in the outbox and goes out again after two to four seconds.
  const later = /^(busy|not_stored|too_fast)$/;
  const postpone = (id, message) => {
    if (!load('out:' + id)) return;
    sent.set(id, Date.now() - 28000 + Math.random() * 2000);
    say('later', message);
  };
  const say = (id, message) => save('refused:' + id, { id, at: Date.now(), message, text: '' });
  const refused = (id, message) => {
    const entry = load('out:' + id), form = entry?.fields && senderOf(entry);
    if (!id) say('page', message);
    if (!entry) return;
    forget('out:' + id);
    save('refused:' + id, { id, at: entry.at, message, text: entry.text });
    if (!form) return;
    lastSent.delete(form);
    if (entry.keep || texts(form).some(([, f]) => f.value)) return;   // never mix old words into new ones
    restore(form, entry.fields); keepDraft(form);
  };

  const slip = (state, entry) => {
    const li = words.content.querySelector(`[data-state="${state}"]`).cloneNode(true);
    li.dataset.entry = entry.id;
    const text = li.querySelector('[data-text]');
    write(text, entry.text); if (text) text.hidden = !entry.text;
    write(li.querySelector('[data-message]'), entry.message);
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
    const slow = new Set(waiting.filter(e => !e.echo && Date.now() - e.at > 300).map(senderOf).filter(Boolean));
    every('.waiting[data-held]').forEach(el => { el.classList.remove('waiting'); delete el.dataset.held; });
    slow.forEach(el => [el, ...[...(el.elements ?? [])].filter(b => b.type === 'submit')].forEach(b => { b.classList.add('waiting'); b.dataset.held = ''; }));
    every('[data-waiting-count]').forEach(el => write(el, String(waiting.length)));
    every('[data-if-waiting]').forEach(el => { el.hidden = !waiting.length; });
  };

  /* 4 Pushed fragments: the swap style "upsert". Applying one twice, late or with others skipped gives the same page. */
  let api, conn, stuck = false;
  const gone = new Map(), ranks = new Map();
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const fragment = (...nodes) => { const f = document.createDocumentFragment(); f.append(...nodes); return f; };
  // A home that my marks have put in my own order sorts by that order first; data-k itself stays as the server wrote it.
  const keyOf = (home, el) => {
    const rank = ranks.get(home.id);
    return rank ? String(rank.get(el.dataset.option) ?? 1e6).padStart(7, '0') + el.dataset.k : el.dataset.k;
  };
  const place = (home, key) => {                            // the first child whose key is not smaller
    const c = home.children; let a = 0, b = c.length;
    while (a < b) { const m = (a + b) >> 1; if (keyOf(home, c[m]) < key) a = m + 1; else b = m; }
    return c[a] ?? null;
  };
  const move = (home, el, before) => {
    if (home.moveBefore && el.parentNode) return home.moveBefore(el, before);   // keeps focus, caret and animations
    const f = document.activeElement, caret = el.contains(f) && [f.selectionStart, f.selectionEnd];
    home.insertBefore(el, before);
    if (caret) { f.focus({ preventScroll: true }); if (caret[0] != null) f.setSelectionRange(...caret); }
  };
  const apply = el => {
    const { home: homeId, v, gone: dead } = el.dataset, old = $(el.id), home = homeId && $(homeId);
    if (+v <= (old ? +old.dataset.v : gone.get(el.id))) return;           // late or repeated
    if (dead != null || (homeId && !home)) { gone.set(el.id, +v); if (old) api.morph(old, fragment(), false); return; }
    if (!old) { if (home) { home.insertBefore(el, place(home, keyOf(home, el))); fresh.push(el); } return home && el; }
    if (home && (old.parentNode !== home || keyOf(home, old) !== keyOf(home, el))) {
      const before = place(home, keyOf(home, el));
      if (old.parentNode !== home || (before !== old && before !== old.nextElementSibling)) move(home, old, before);
    }
    api.morph(old, fragment(el), false);
    every('select', $(el.id)).forEach(follow);
    return $(el.id);
  };
  // Once somebody has chosen in it, a select no longer listens to the markup: what others chose is chosen here too.
  const follow = f => { if (!touched.has(f)) f.value = f.querySelector('[selected]')?.value ?? f.options[0]?.value ?? ''; };
  // New things move in by 12 px; a crowd of them (a resume) just stands there.
  let fresh = [];
  const moveIn = () => {
    if (!calm.matches && fresh.length <= 12) fresh.forEach(el => el.animate?.([{ transform: 'translateY(0.75rem)' }, {}], { duration: 260, easing: 'cubic-bezier(0.2, 0, 0, 1)' }));
    fresh = [];
  };
  const upsert = (style, target, pushed, spec) => {
    if (style !== 'upsert') return false;
    const changed = [];
    for (const el of [...pushed.children]) {
      try { const now = apply(el); if (now) changed.push(now); } catch (error) { console.error(error); fault(); }
    }
    if (!stuck && +spec.seq > +data.seq) data.seq = spec.seq;
    moveIn(); settle();
    return changed;                                         // htmx processes only these
  };
  // Something could not be applied: the seq stands still, and a new connection asks again from there.
  const fault = () => { if (!stuck) { stuck = true; setTimeout(hangUp, 5000); } };
  const settle = () => {
    const band = $('band');
    if (band) {
      if (band.dataset.kind) data.kind = band.dataset.kind;
      if (band.dataset.scene) page.dataset.scene = band.dataset.scene; else delete page.dataset.scene;
      if (band.dataset.title && document.title !== band.dataset.title) document.title = band.dataset.title;
    }
    restoreDrafts(); markAll(); every('form[data-dots]').forEach(count);
    every('time[data-at]').forEach(stamp); clocks(); show();
  };

  /* 5 Mine inside shared. <div data-marks="R04" data-order="c3 c9 c1" data-chosen="c3 c3 c9" hidden>: my own order is a real
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
    }
  };
  const markAll = () => {
    const marks = every('[data-marks]'), homes = marks.map(el => el.dataset.marks + '-options');
    for (const id of [...ranks.keys()]) if (!homes.includes(id)) { ranks.delete(id); if ($(id)) sort($(id)); }   // my order was taken back
    marks.forEach(mark);
  };
  const sort = home => {
    const keys = new Map([...home.children].map(el => [el, keyOf(home, el)]));
    let at = home.firstElementChild;
    for (const el of [...keys.keys()].sort((a, b) => keys.get(a) < keys.get(b) ? -1 : 1)) {
      if (el === at) at = at.nextElementSibling; else move(home, el, at);
    }
  };
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

  /* 6 Clocks: the server's race time; this device's clock only measures what has passed since. */
  const rate = +data.rate || 1, two = n => String(n).padStart(2, '0');
  const came = performance.getEntriesByType?.('navigation')[0]?.responseStart;   // the page says what time it was then, not now
  let base = +data.now || Date.now(), readAt = came ? performance.timeOrigin + came : Date.now();
  const now = () => base + (Date.now() - readAt) * rate;
  // What has just come was sent a little while ago: never earlier than it says, and less than half a second is the network's own jitter.
  const correct = ms => { if (ms > now() || now() - ms > 500 * rate) { base = ms; readAt = Date.now(); } };
  const countdown = ms => {
    const over = ms <= -1000, s = over ? Math.floor(-ms / 1000) : Math.max(0, Math.round(ms / 1000)), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
    if (h >= 48) return `${over ? '+' : ''}${Math.floor(h / 24)} ${page.lang === 'fi' ? 'vrk' : 'd'} ${h % 24} h`;   // days, where minutes are noise
    return `${over ? '+' : ''}${h ? `${h}:${two(m)}` : m}:${two(s % 60)}`;
  };
  const elapsed = ms => { const m = Math.floor(Math.abs(ms) / 60000); return `T${ms < 0 ? '−' : '+'}${Math.floor(m / 60)}:${two(m % 60)}`; };
  // Intl writes 13:42 in Swedish too; the languages of the house write 13.42.
  const stamp = el => {
    const d = new Date(el.dataset.at === 'now' ? now() : +el.dataset.at), lang = el.closest('[lang]')?.lang || 'en', dot = /^(sv|fi)/.test(lang) ? '.' : ':';
    const time = two(d.getHours()) + dot + two(d.getMinutes()), form = el.dataset.format ?? 'time';
    const day = form === 'time' ? '' : new Intl.DateTimeFormat(lang, form === 'day' ? { weekday: 'long' } : { day: 'numeric', month: 'long', year: 'numeric' }).format(d);
    write(el, form === 'time' ? time : form === 'day' ? `${day} ${time}` : day);
  };
  const clocks = () => {
    const t = now();
    every('[data-ends]').forEach(el => {
      const left = el.dataset.ends - t;
      write(el, countdown(left)); el.closest('.timer')?.classList.toggle('late', left <= -1000);
    });
    every('[data-elapsed-from]').forEach(el => write(el, elapsed(t - el.dataset.elapsedFrom)));
    every('[data-due]').forEach(el => { const early = t < +el.dataset.due; if (el.hidden !== early) el.hidden = early; });
    every('[data-until]').forEach(el => { const over = t >= +el.dataset.until; if (el.hidden !== over) el.hidden = over; });
    every('time[data-at="now"]').forEach(stamp);
    const left = Math.min(...every('[data-near-ends]').map(el => el.dataset.nearEnds - t)), near = left <= 15000 ? '15' : left <= 60000 ? '60' : '';
    if (near) data.near = near; else delete data.near;
  };

  /* 7 The link: resume, watchdog, banner, and polling where no WebSocket gets through. */
  const silence = 1000 * (data.silence ?? 35);
  let heard = Date.now(), seen = Date.now(), polling = false, polled = 0;
  const open = () => conn?.socket?.readyState === WebSocket.OPEN;
  const resume = connection => {
    conn = connection; heard = seen = Date.now(); stuck = false; sent.clear();
    conn.socket.send(JSON.stringify({ command: 'resume', seq: data.seq ?? '0', epoch: data.epoch ?? '' }));
    flush(); tick();
  };
  const hear = json => {
    if (json.ack) answered(json.ack);
    if ('refused' in json) (later.test(json.reason) ? postpone : refused)(json.refused, json.message);
    if (json.ack || 'refused' in json) show();
    if (json.now) correct(+json.now);
    if (json.reload) location.reload();                     // drafts and outbox are kept
  };
  // A black-holed link stays OPEN for minutes: leave it, and let htmx make a new one.
  const hangUp = () => {
    const dead = conn?.socket;
    heard = Date.now();
    if (!dead || dead.readyState > 1) return;
    conn.socket = null; conn.abortController?.abort(); dead.close();
    conn.visibilityHandler ? conn.visibilityHandler() : location.reload();
  };
  const link = () => {
    const t = Date.now();
    if (open()) seen = t;
    if (t - heard > silence) hangUp();
    if ($('offline')) $('offline').hidden = t - seen < 2000;
    flush(); show();
    if (t - seen > 10000 && t - polled > 3000) poll();
  };
  const post = async entry => {
    const form = new URLSearchParams([...Object.entries(entry.values).flatMap(([k, v]) => [v].flat().map(one => [k, one])), ['id', entry.id]]);
    hear(await (await fetch(entry.action, { method: 'POST', headers: { Accept: 'application/json' }, body: form })).json());
  };
  const poll = async () => {
    if (polling) return;
    polling = true;
    const url = new URL(live, location.href);
    url.pathname = url.pathname.replace(/live$/, 'since'); url.searchParams.set('seq', data.seq ?? 0);
    if (!url.searchParams.has('view')) url.searchParams.set('view', page.dataset.view);
    try {
      for (const entry of outbox().filter(ours)) await post(entry);
      const answer = await fetch(url, { cache: 'no-store' }), text = answer.ok ? await answer.text() : '';
      if (text[0] === '{') hear(JSON.parse(text));
      else if (text) await htmx.swap({ sourceElement: body, target: body, swap: 'none swapEmpty:false', text, transition: false });
    } catch { /* no server either: the next round tries again */ }
    polling = false; polled = Date.now();
  };
  let timer;
  const tick = () => {
    clearTimeout(timer);
    if (document.hidden) return;                            // visibilitychange starts it again
    clocks(); if (live) link();
    timer = setTimeout(tick, Math.max(200, (1000 - now() % 1000) / rate));
  };

  /* 8 Events. */
  window.htmx?.config.morphIgnore.push('open');             // a push must not shut an open dialog or details
  window.htmx?.registerExtension('live', {
    init: given => { api = given; },
    handle_swap: upsert,
    htmx_before_morph_node: old => !touched.has(old),
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
  const sendNow = form => { clearTimeout(due.get(form)); due.delete(form); if (form.isConnected && form.checkValidity()) form.requestSubmit(); };
  document.addEventListener('input', ({ target: f }) => {
    const form = f.form;
    if (!form || (form.dataset.dots && f.matches('.dot') && overspent(form, f))) return;
    touched.add(f); keepDraft(form);
    if ('autosend' in form.dataset) sendSoon(form, ticks(f) || f.type === 'select-one' ? 250 : 800);
  });
  document.addEventListener('change', ({ target: f }) => { if (f.form && due.has(f.form) && !ticks(f)) sendNow(f.form); });
  document.addEventListener('click', ({ target }) => {
    const on = css => target.closest(css), opens = on('[data-opens]'), slipped = on('[data-dismiss]')?.closest('[data-entry]');
    if (opens) $(opens.dataset.opens)?.showModal();
    on('[data-closes]')?.closest('dialog')?.close();
    if (slipped) { forget('refused:' + slipped.dataset.entry); show(); }
    if (on('[data-fullscreen]')) page.requestFullscreen?.();
  });
  document.addEventListener('visibilitychange', () => { heard = seen = Date.now(); tick(); });
  addEventListener('storage', ({ key }) => { if (!key || key.startsWith(mine)) show(); });
  addEventListener('pageshow', ({ persisted }) => { if (persisted) location.reload(); });   // htmx left its socket for good at pagehide

  settle(); tick();
})();
