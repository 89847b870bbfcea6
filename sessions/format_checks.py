"""What the phases of a format must not say: references to none, and rules that their kind does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities import activity_class, kinds

if TYPE_CHECKING:
    from sessions.format import Spec


def check_references(specs: tuple[Spec, ...]) -> None:
    """Raise ValueError if two phases have one id, or a phase refers to none, or stands beside one that does."""
    ids = [spec.id for spec in specs]
    if len(set(ids)) != len(ids):
        raise ValueError("two phases have the same id")
    for spec in specs:
        unknown = [name for name in (*spec.inputs, *filter(None, [spec.beside])) if name not in ids]
        if unknown:
            raise ValueError(f"phase {spec.id} refers to unknown phases: {', '.join(unknown)}")
    main = {spec.id for spec in specs if not spec.beside}
    for spec in specs:
        if spec.beside and spec.beside not in main:
            raise ValueError(f"phase {spec.id} stands beside {spec.beside}, which is beside another itself")


def check_rules(specs: tuple[Spec, ...]) -> None:
    """Each kind looks at what its phases say; kinds that are not there (yet) cannot."""
    known = {kind: activity_class(kind) for kind in {spec.kind for spec in specs} & set(kinds())}
    for spec in specs:
        try:
            if spec.kind in known:
                known[spec.kind].check(spec.rules)
        except ValueError as error:
            raise ValueError(f"phase {spec.id}: {error}") from error
