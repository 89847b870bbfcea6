"""Options compared two by two: how strong each is (Bradley and Terry), and which cannot be told apart.

Whole numbers only, in a fixed number of steps, so that every machine comes to the same. How sure a strength is, is told
by drawing the voters again: what hangs on who happened to vote is no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sessions.mixing import mix

ONE = 10**9
WHOLE = 10_000
"""A chance against an average option is shown in hundredths of a percent."""
STEPS, STEPS_AGAIN = 60, 25
"""How often strengths are made anew: of the votes as they are, and of each drawing."""
DRAWINGS = 100
BUNDLES = 200
"""Voters are drawn one by one, and more than so many in bundles, so that thousands take no longer."""
APART = 50
"""Two options are apart where fewer than one drawing in so many turns their order."""
FEW_VOTERS, FEW_DUELS = 5, 6
"""With fewer voters, or an option in fewer duels, it is said that they are few."""

Duel = tuple[str, str]
Ballot = Mapping[str, Mapping[str, int]]
"""Option to rival to 1 (the option was chosen), 0 (neither) or -1 (the rival); the smaller id is the option."""
Duels = dict[Duel, list[int]]
"""What both sides won, counted in halves: two for a duel won, one for an even one."""
Strengths = dict[str, int]


class Uncertain(NamedTuple):
    """An option's strength lies between ``low`` and ``high`` in nine drawings of ten. ``band`` counts from 1: what
    shares one cannot be told from its first."""

    low: int
    high: int
    band: int
    duels: int


def duels_of(ballots: Iterable[Ballot], options: Collection[str]) -> Duels:
    """All duels between the options that are still on the list."""
    found: Duels = {}
    for ballot in ballots:
        for option, rivals in ballot.items():
            for rival, won in rivals.items():
                if option in options and rival in options:
                    both = found.setdefault((option, rival), [0, 0])
                    both[0] += 1 + won
                    both[1] += 1 - won
    return found


def strengths(
    duels: Duels, options: Sequence[str], steps: int = STEPS, start: Strengths | None = None
) -> Strengths:
    """How strong each option is, in parts of ONE. All have one even duel with a ghost of strength one, so that what has
    lost everything has a strength too, and what was never compared can be."""
    wins = dict.fromkeys(options, 1)
    against: dict[str, list[tuple[str, int]]] = {option: [] for option in options}
    for (option, rival), (won, lost) in duels.items():
        wins[option] += won
        wins[rival] += lost
        against[option].append((rival, won + lost))
        against[rival].append((option, won + lost))
    strong = dict.fromkeys(options, ONE) if start is None else start
    for _ in range(steps):
        strong = {option: _next(strong[option], wins[option], against[option], strong) for option in options}
    return strong


def shown(strong: Strengths) -> dict[str, int]:
    """Strengths as chances against an average option, in hundredths of a percent."""
    return {option: value * WHOLE // (value + ONE) for option, value in strong.items()}


def _next(own: int, wins: int, against: Iterable[tuple[str, int]], strong: Strengths) -> int:
    """One step of minorising and maximising."""
    met = 2 * ONE * ONE // (own + ONE)
    met += sum(many * ONE * ONE // (own + strong[rival]) for rival, many in against)
    return wins * ONE * ONE // met


def uncertain(ballots: Sequence[Ballot], options: Sequence[str], strong: Strengths) -> dict[str, Uncertain]:
    """How sure each strength is. ``ballots`` stand in an order that follows from what they say."""
    bundles = [duels_of(ballots[start::BUNDLES], options) for start in range(min(BUNDLES, len(ballots)))]
    again = [shown(_drawn(bundles, options, drawing, strong)) for drawing in range(DRAWINGS)]
    bands = _bands(sorted(options, key=lambda option: -strong[option]), again)
    counted, chance = _counted(duels_of(ballots, options)), shown(strong)
    return {
        option: _row(chance[option], [drawing[option] for drawing in again], bands[option], counted[option])
        for option in options
    }


def _row(chance: int, again: Sequence[int], band: int, duels: int) -> Uncertain:
    values = sorted(again)
    low, high = values[DRAWINGS // 20], values[-1 - DRAWINGS // 20]
    return Uncertain(min(low, chance), max(high, chance), band, duels)


def _drawn(bundles: Sequence[Duels], options: Sequence[str], drawing: int, strong: Strengths) -> Strengths:
    """Strengths by as many voters, drawn from all with putting back."""
    many = len(bundles)
    times = Counter(mix("voter", drawing, place) % many for place in range(many))
    drawn: Duels = {}
    for bundle, weight in sorted(times.items()):
        for duel, (won, lost) in bundles[bundle].items():
            both = drawn.setdefault(duel, [0, 0])
            both[0] += weight * won
            both[1] += weight * lost
    return strengths(drawn, options, STEPS_AGAIN, strong)


def _counted(duels: Duels) -> Counter[str]:
    counted: Counter[str] = Counter()
    for (option, rival), (won, lost) in duels.items():
        counted[option] += (won + lost) // 2
        counted[rival] += (won + lost) // 2
    return counted


def _bands(order: Iterable[str], again: Sequence[Strengths]) -> dict[str, int]:
    """Best first: a band begins with what is weaker than the first of the band before, in nearly every drawing."""
    bands: dict[str, int] = {}
    head, band = "", 0
    for option in order:
        if not head or sum(drawing[option] >= drawing[head] for drawing in again) * APART < len(again):
            head, band = option, band + 1
        bands[option] = band
    return bands


def said(ballots: Collection[Ballot], options: Sequence[str]) -> str:
    """What must be said of it: ``few`` (voters or duels), ``split`` (options that no duel joins), else ""."""
    duels = duels_of(ballots, options)
    counted = _counted(duels)
    if len(ballots) < FEW_VOTERS or any(counted[option] < FEW_DUELS for option in options):
        return "few"
    return "" if _joined(options, duels) else "split"


def _joined(options: Sequence[str], duels: Collection[Duel]) -> bool:
    rivals: dict[str, list[str]] = {option: [] for option in options}
    for one, other in duels:
        rivals[one].append(other)
        rivals[other].append(one)
    seen: set[str] = set()
    todo = list(options[:1])
    while todo:
        option = todo.pop()
        if option not in seen:
            seen.add(option)
            todo += rivals[option]
    return len(seen) == len(options)


# ---- which two a voter is asked about


def deal(
    options: Sequence[str], before: Mapping[str, Sequence[Duel]], voter: str, many: int, seed: int
) -> list[Duel]:
    """Up to ``many`` new pairs for a voter: the option that was asked about least, and of the rest the one it was least
    compared with; never a pair twice. ``before``: voter to the pairs dealt so far. Which stands first is chance."""
    asked: Counter[str] = Counter(option for pairs in before.values() for pair in pairs for option in pair)
    met: Counter[frozenset[str]] = Counter(frozenset(pair) for pairs in before.values() for pair in pairs)
    had = {frozenset(pair) for pair in before.get(voter, ())}
    dealt: list[Duel] = []
    while len(dealt) < many:
        pair = _pair(options, asked, met, had, seed)
        if pair is None:
            break
        dealt.append(pair if mix(seed, *pair) & 1 else pair[::-1])
        had.add(frozenset(pair))
        met[frozenset(pair)] += 1
        asked.update(pair)
    return dealt


def _pair(
    options: Sequence[str],
    asked: Counter[str],
    met: Counter[frozenset[str]],
    had: Collection[frozenset[str]],
    seed: int,
) -> Duel | None:
    luck = {option: mix(seed, option) for option in options}
    for one in sorted(options, key=lambda o: (asked[o], luck[o])):
        others = [o for o in options if o != one and frozenset((one, o)) not in had]
        if others:
            return one, min(others, key=lambda o: (asked[o], met[frozenset((one, o))], luck[o]))
    return None


def as_json(found: Mapping[str, Uncertain]) -> dict[str, Any]:
    """By option, as an event holds it."""
    return {option: dict(row._asdict()) for option, row in found.items()}
