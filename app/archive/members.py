"""Does an export hold the files that its manifest lists, as they were?"""

import hashlib
from collections.abc import Mapping
from typing import Any

from app.archive.limits import Members
from app.archive.report import Report
from app.archive.seal import BLOCK
from app.archive.signature import SIGNATURE

APART = ("manifest.json", SIGNATURE)
"""Members that no manifest lists: itself, and what was signed under it."""


def check_members(members: Members, manifest: Mapping[str, Any], report: Report) -> None:
    """Note in the report what is missing, too much, of another size, or changed."""
    expected, sizes = manifest["files"], manifest.get("sizes", {})
    names = sorted(name for name in members.names if name not in APART)
    if names != sorted(expected):
        report.fault("the file does not hold what its manifest lists")
    if len(set(members.names)) != len(members.names):
        report.fault("the file holds something twice")
    wrong = [name for name in names if name in sizes and members.sizes[name] != sizes[name]]
    report.fault(*(f"{name}: it is not as long as it was" for name in wrong))
    report.fault(*(f"{name}: its content was changed" for name in names if _changed(members, name, expected)))


def _changed(members: Members, name: str, expected: Mapping[str, str]) -> bool:
    digest = hashlib.sha256()
    for block in members.blocks(name, BLOCK):
        digest.update(block)
    return name in expected and digest.hexdigest() != expected[name]
