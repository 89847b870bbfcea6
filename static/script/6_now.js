/* The agenda shows where one is: it is scrolled there when a page comes, and when another phase is on. */
let shownLeg = '';
const toNow = () => {
  const leg = document.querySelector('.leg.current') ?? document.querySelector('.leg.next'), list = leg?.closest('ol');
  if (!leg || leg.id === shownLeg) return;
  shownLeg = leg.id;
  list.scrollTop += leg.getBoundingClientRect().top - list.getBoundingClientRect().top - leg.offsetHeight;
};
