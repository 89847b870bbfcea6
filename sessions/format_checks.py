"""What the phases of a format must not say: references to none."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
