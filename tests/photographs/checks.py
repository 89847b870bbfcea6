"""What is looked for on every page that is photographed, by scripts that run in it. Each gives a list of sentences."""

from __future__ import annotations

SIDEWAYS = """
() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const wide = [...document.querySelectorAll('body *')].filter(el => el.checkVisibility() && el.getBoundingClientRect().right > width + 1);
  return wide.filter(el => !wide.some(other => other !== el && el.contains(other))).map(
    el => `too wide: ${el.localName}.${el.getAttribute('class')} in ${el.closest('[id]')?.id}: ${(el.textContent ?? '').trim().slice(0, 60)}`);
}
"""
"""The innermost things that stand out at the right, where the page as a whole has to be scrolled sideways."""

WORDS = """
const words = root => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, el = node.parentElement;
    if (!node.data.trim() || !el.checkVisibility({ visibilityProperty: true }) || el.closest('.away, script, svg, select, option, textarea')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1) found.push([node.data.trim(), el, box]);
  }
  return found;
};
const block = el => { while (getComputedStyle(el).display.startsWith('inline') || getComputedStyle(el).display === 'contents') el = el.parentElement; return el; };
const name = (what, text, el) => `${what}: “${text.slice(0, 50)}” in ${el.localName}.${el.getAttribute('class') ?? ''} of ${el.closest('[id]')?.id}`;
"""

BURST = f"""
() => {{
  {WORDS}
  return [...new Set(words(document.querySelector('#stage') ?? document.body).flatMap(([text, el, box]) => {{
    const around = block(el).getBoundingClientRect();
    return box.right > around.right + 2 || box.left < around.left - 2 ? [name('bursts its box', text, el)] : [];
  }}))];
}}
"""
"""Words that stand out of the box that they are written in."""

CUT = f"""
() => {{
  {WORDS}
  const stage = document.querySelector('#stage'), edge = stage.getBoundingClientRect();
  return [...new Set(words(document.body).flatMap(([text, el, box]) => {{
    if (box.bottom > innerHeight + 2 || box.right > innerWidth + 2) return [name('outside the picture', text, el)];
    if (!stage.contains(el)) return [];
    if (box.bottom - 0.25 * box.height > edge.bottom) return [name('cut at the foot', text, el)];
    for (let over = el; over !== stage; over = over.parentElement) {{
      if (getComputedStyle(over).overflow !== 'visible') {{
        const frame = over.getBoundingClientRect();
        if (box.bottom - 0.25 * box.height > frame.bottom || box.right > frame.right + 3) return [name('cut', text, el)];
      }}
    }}
    return [];
  }}))];
}}
"""
"""Words on the wall of which nobody sees all."""

SMALL = f"""
() => {{
  {WORDS}
  const u = Math.min(innerHeight / 100, innerWidth * 0.005625);
  return [...new Set(words(document.querySelector('#stage')).flatMap(([text, el]) => {{
    const size = parseFloat(getComputedStyle(el).fontSize) / u;
    return size < 3.15 ? [name(`only ${{size.toFixed(1)}} vh`, text, el)] : [];
  }}))];
}}
"""
"""Words on the stage of the wall that the back row cannot read: under 3.2 hundredths of the picture's height."""

COVERED = f"""
() => {{
  {WORDS}
  const all = words(document.querySelector('#stage')), found = [];
  all.forEach(([text, el, a], at) => all.slice(at + 1).forEach(([other, there, b]) => {{
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (block(el) !== block(there) && wide > 4 && high > Math.min(a.height, b.height) * 0.45) found.push(name(`covers “${{other.slice(0, 30)}}”`, text, el));
  }}));
  return [...new Set(found)];
}}
"""
"""Words on the wall that lie on other words."""

FILLED = """
() => {
  const stage = document.querySelector('#stage').getBoundingClientRect(), side = 40, seen = new Set();
  const leaves = [...document.querySelectorAll('#stage :is(li, p, h1, h2, section, svg, b, dt, dd, .slipcard)')].filter(el => el.checkVisibility());
  for (let row = 0; row < side; row++) for (let column = 0; column < side; column++) {
    const x = stage.left + (column + 0.5) * stage.width / side, y = stage.top + (row + 0.5) * stage.height / side;
    if (leaves.some(el => { const b = el.getBoundingClientRect(); return x > b.left && x < b.right && y > b.top && y < b.bottom; })) seen.add(row * side + column);
  }
  return seen.size / side / side;
}
"""
"""Which share of the stage something stands on."""

LOOK = """
  const telling = /^(class|type|role|lang|aria-(?!labelledby|describedby|controls|owns)|hidden|disabled|checked|selected|open)/;
  const look = el => {
    const given = [...el.attributes].map(({ name, value }) => telling.test(name) && name !== 'aria-label' ? name + '=' + value : name + !value);
    const inner = [...el.childNodes].flatMap(node => node.nodeType === 1 ? [look(node)] : node.nodeType === 3 && node.data.trim() ? ['…'] : []);
    return `${el.localName}[${given.sort()}](${inner.filter((one, at) => one !== inner[at - 1])})`;
  };
  const { kind, scene } = document.body.dataset, around = [kind, scene, document.documentElement.dataset.scene].join();
"""
"""`look(element)`: elements, their classes, roles and states, and where there are texts at all; not which words and numbers,
nor how many alike stand in a row. And what it looks like `around`."""
EVERYWHERE = "body > :not(main, aside), main > :not(#stage), aside > *, #stage > *"
"""The parts of a page, of which each is looked at by itself."""
COLOURS = ("color-contrast", "link-in-text-block")
"""What axe finds only in colours, and so in light ones and in dark ones; anything else it finds in either."""

AXE = f"""
async ([seen, rules]) => {{
  {LOOK}
  const short = text => {{
    let a = 0x811c9dc5, b = 5381;
    for (const letter of text) {{ a = Math.imul(a ^ letter.codePointAt(0), 16777619); b = Math.imul(b, 33) + letter.codePointAt(0) | 0; }}
    return [text.length, a, b].join();
  }};
  const place = around + rules, options = rules.length ? {{ runOnly: {{ type: 'rule', values: rules }} }} : {{}};
  const looks = [...document.querySelectorAll('{EVERYWHERE}')].map(part => [part, short(place + (part.parentElement.id || part.parentElement.localName) + look(part))]);
  const fresh = looks.filter(([part, name]) => !seen.includes(name) && part.getClientRects().length).map(([part]) => part);
  const names = [...new Set([place, ...looks.map(([, name]) => name)])].filter(name => !seen.includes(name));
  if (seen.includes(place) && !fresh.length) return [names, []];
  const {{ violations }} = await axe.run(seen.includes(place) ? {{ include: fresh }} : document, {{ resultTypes: ['violations'], ...options }});
  return [names, violations.flatMap(rule => rule.nodes.map(node => `${{rule.id}}: ${{node.target.join(' ')}} ${{node.html.slice(0, 120)}}`))];
}}
"""
"""Runs axe on a page, or, where one of its sort was seen, on those of its parts that look like nothing that was; gives the
looks that are new, and what was found."""
