/* Clocks: the server's race time; this device's clock only measures what has passed since. */
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
  every('[data-count]').forEach(el => write(el, String($(el.dataset.count).querySelectorAll(':scope > :not([hidden])').length)));
  every('[data-behind]').forEach(el => {
    const late = Math.floor((Math.max(el.dataset.runsTo, t) - el.dataset.behind) / 60000);
    if (el.hidden !== late < 1) el.hidden = late < 1;
    write(el.querySelector('b'), String(late));
  });
  every('[data-until]').forEach(el => { const over = t >= +el.dataset.until; if (el.hidden !== over) el.hidden = over; });
  every('time[data-at="now"]').forEach(stamp);
  const left = Math.min(...every('[data-near-ends]').map(el => el.dataset.nearEnds - t)), near = left <= 15000 ? '15' : left <= 60000 ? '60' : '';
  if (near) data.near = near; else delete data.near;
};
