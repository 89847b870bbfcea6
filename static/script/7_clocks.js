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
// A phone goes by its own zone, and names it where the wall goes by another; whatever the room shares, by the session's.
const shared = page.dataset.view === 'phone' ? undefined : data.zone;
const formats = new Map();                                // making one costs more than writing a thousand times with it
const formatOf = (lang, timeZone, how) => {
  const key = [lang, timeZone, JSON.stringify(how)].join();
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(lang, { timeZone, ...how }));
  return formats.get(key);
};
const inZone = (d, lang, timeZone, how) => formatOf(lang, timeZone, how).format(d);
const clockIn = (d, zone) => inZone(d, 'en-GB', zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dayIn = (d, zone) => inZone(d, 'en-CA', zone, { dateStyle: 'short' });
const zoneName = (d, lang) => formatOf(lang, undefined, { timeZoneName: 'short' }).formatToParts(d).find(part => part.type === 'timeZoneName').value;
const spoken = (d, lang) => {
  const time = clockIn(d, shared).replace(':', /^(sv|fi)/.test(lang) ? '.' : ':');
  const day = dayIn(d, shared) === dayIn(new Date(now()), shared) ? '' : inZone(d, lang, shared, { weekday: 'short' }) + ' ';
  const abroad = !shared && data.zone && clockIn(d) + dayIn(d) !== clockIn(d, data.zone) + dayIn(d, data.zone);
  return day + time + (abroad ? ' ' + zoneName(d, lang) : '');
};
const stamp = el => {
  const d = new Date(el.dataset.at === 'now' ? now() : +el.dataset.at), lang = el.closest('[lang]')?.lang || 'en';
  write(el, el.dataset.format === 'date' ? inZone(d, lang, shared, { day: 'numeric', month: 'long', year: 'numeric' }) : spoken(d, lang));
};
// The server writes the times in a refusal as the session has them.
const worded = ({ message, times }) => (times ?? []).reduce((text, [written, at]) => text.replace(written, () => spoken(new Date(at), page.lang)), message ?? '');
let stamped = '';
const clocks = () => {
  const t = now();
  every('[data-ends]').forEach(el => {
    const left = el.dataset.ends - t;
    write(el, countdown(left)); el.closest('.timer')?.classList.toggle('late', left <= -1000);
  });
  every('[data-elapsed-from]').forEach(el => write(el, elapsed(t - el.dataset.elapsedFrom)));
  every('[data-due]').forEach(el => { const early = t < +el.dataset.due; if (el.hidden !== early) el.hidden = early; });
  every('[data-counts]').forEach(el => write(el, String($(el.dataset.counts).querySelectorAll(':scope > :not([hidden])').length)));
  every('[data-behind]').forEach(el => {
    const late = Math.floor((Math.max(el.dataset.runsTo, t) - el.dataset.behind) / 60000);
    if (el.hidden !== late < 1) el.hidden = late < 1;
    write(el.querySelector('b'), String(late));
  });
  every('[data-until]').forEach(el => { const over = t >= +el.dataset.until; if (el.hidden !== over) el.hidden = over; });
  const today = dayIn(new Date(t), shared);
  every(stamped === today ? 'time[data-at="now"]' : 'time[data-at]').forEach(stamp);   // at midnight "today" is another day
  stamped = today;
  const left = Math.min(...every('[data-near-ends]').map(el => el.dataset.nearEnds - t)), near = left <= 15000 ? '15' : left <= 60000 ? '60' : '';
  if (near) data.near = near; else delete data.near;
  shares(t); turnPages();
};
