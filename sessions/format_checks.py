"""What the phases of a format must not say: references to none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessions.format import Spec


LINK = re.compile(r"@([a-z][a-z0-9_]*)\.(\w+)")
"""An input from an earlier event: the name that the format has for it, and the phase there."""


def is_link(name: str) -> bool:
    """Whether an input comes from an earlier event."""
    return LINK.fullmatch(name) is not None


def links_of(inputs: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The name and the phase of each input that comes from an earlier event."""
    for name in inputs:
        found = LINK.fullmatch(name)
        if found is not None:
            yield found[1], found[2]


def check_references(specs: tuple[Spec, ...]) -> None:
    """Raise ValueError if two phases have one id, or a phase refers to none, or stands beside one that does."""
    ids = [spec.id for spec in specs]
    if len(set(ids)) != len(ids):
        raise ValueError("two phases have the same id")
    for spec in specs:
        named = [name for name in spec.inputs if not name.startswith("@")]
        unknown = [name for name in (*named, *filter(None, [spec.beside])) if name not in ids]
        if unknown:
            raise ValueError(f"phase {spec.id} refers to unknown phases: {', '.join(unknown)}")
        strange = [name for name in spec.inputs if name.startswith("@") and not LINK.fullmatch(name)]
        if strange:
            raise ValueError(
                f"phase {spec.id}: {strange[0]!r} must be @name.PHASE, a phase of an earlier event"
            )
    track = [spec for spec in specs if not spec.beside]
    begun = next((n for n, spec in enumerate(track) if not spec.before), len(track))
    for spec in track[begun:]:
        if spec.before:
            raise ValueError(f"phase {spec.id} runs before the event, so it stands before {track[begun].id}")
    if any(spec.before and (spec.later or spec.beside) for spec in specs):
        raise ValueError("a phase that runs before the event stands neither after it nor beside another")
    main = {spec.id for spec in specs if not spec.beside}
    for spec in specs:
        if spec.beside and spec.beside not in main:
            raise ValueError(f"phase {spec.id} stands beside {spec.beside}, which is beside another itself")
