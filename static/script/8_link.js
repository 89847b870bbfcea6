/* The link: resume, watchdog, banner, and polling where no WebSocket gets through. */
const silence = 35000;                                    // milliseconds: nearly two beats of the server
let heard = Date.now(), seen = Date.now(), polling = false, polled = 0;
const open = () => conn?.socket?.readyState === WebSocket.OPEN;
const resume = connection => {
  conn = connection; heard = seen = Date.now(); stuck = false; sent.clear();
  conn.socket.send(JSON.stringify({ command: 'resume', seq: data.seq ?? '0', epoch: data.epoch ?? '' }));
  flush(); tick();
};
const hear = json => {
  if (json.ack) answered(json.ack);
  if ('refused' in json) (later.test(json.reason) ? postpone : refused)(json.refused, json);
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
