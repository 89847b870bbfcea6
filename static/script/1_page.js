/* What htmx does not do for a race. htmx opens the socket, collects forms and parses what is pushed.
   The files of this folder are the parts of one strict function, /static/race.js: the server puts them together by their
   names when it starts. While a part is read it may use what stands in the parts before it; its functions may use all.
   Every word a person reads comes from the page (<template id="words">); nothing here builds HTML from text. */
const page = document.documentElement, body = document.body, data = body.dataset;
const $ = id => document.getElementById(id), every = (css, root = document) => [...root.querySelectorAll(css)];
const words = $('words'), live = window.htmx && body.getAttribute('hx-ws:connect');   // without htmx forms are plain HTTP
const write = (el, text) => { if (el && el.textContent !== text) el.textContent = text; };
// 128 random bits; crypto.randomUUID does not exist on plain http in a venue.
const token = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), n => n.toString(16).padStart(2, '0')).join('');
// An id that begins with the time: the server's index of commands grows at its end.
const idAt = at => at.toString(16).padStart(12, '0') + token().slice(12);
