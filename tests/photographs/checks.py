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
