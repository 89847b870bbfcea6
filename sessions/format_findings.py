"""One thing that was found in a format, and the phases of a format beside each other."""

from __future__ import annotations

from typing import NamedTuple

from sessions.activities import activity_class
from sessions.format import Format, Spec
from sessions.format_rules import Declaration, Fault, Flow


class Finding(NamedTuple):
    """One thing that was found. ``phase`` is its id, "" for the format as a whole; ``key`` where in it; ``remedy`` what
    to do; ``grave`` says that no session may begin with it."""

    phase: str
    fault: Fault
    remedy: Fault | None = None
    grave: bool = True

    @property
    def key(self) -> str:
        return self.fault.key

    def __str__(self) -> str:
        place = f"phase {self.phase}: " if self.phase else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        sentence = str(self.fault)
        return f"{place}{sentence}{'' if sentence.endswith('?') else '.'}{remedy}"


LINKED = frozenset({"cards", "ranking"})
"""What an earlier event may have handed on."""


class Between:
    """The phases of a format in their order, with what each does between the others."""

    def __init__(self, form: Format) -> None:
        self.specs = form.specs
        self.by_id = {spec.id: spec for spec in form.specs}
        self.at = {spec.id: number for number, spec in enumerate(form.specs)}
        self.flows = {spec.id: _declared(spec).flow(spec.rules) for spec in form.specs}

    def begins(self, spec: Spec) -> int:
        """Where in the order a phase opens: with the one it stands beside."""
        return self.at[spec.beside or spec.id]

    def before(self, spec: Spec) -> list[Flow]:
        """What the phases that have opened before do."""
        return [self.flows[s.id] for s in self.specs if self.begins(s) < self.begins(spec)]

    def handed(self, spec: Spec) -> frozenset[str]:
        """What the inputs of a phase hand on."""
        own = self.own_inputs(spec)
        linked = LINKED if len(own) < len(spec.inputs) else frozenset[str]()
        return linked.union(*(self.flows[name].gives for name in own))

    def own_inputs(self, spec: Spec) -> list[str]:
        """The inputs of a phase that come from phases of the same event."""
        return [name for name in spec.inputs if name in self.by_id]

    @property
    def main(self) -> list[Spec]:
        """The phases of the running clock, one after the other."""
        return [spec for spec in self.specs if not spec.beside and not spec.apart]


def _declared(spec: Spec) -> Declaration:
    return activity_class(spec.kind).declares
