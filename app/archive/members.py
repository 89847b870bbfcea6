"""Does an export hold the files that its manifest lists, as they were?"""

import hashlib
import zipfile

from app.archive.report import Report
from app.archive.seal import BLOCK


def check_members(archive: zipfile.ZipFile, expected: dict[str, str], report: Report) -> None:
    """Note in the report what is missing, too much, or changed; ``expected`` are digests by name."""
    names = sorted(archive.namelist())
    if names != sorted([*expected, "manifest.json"]):
        report.fault("the file does not hold what its manifest lists")
    report.fault(*(f"{name}: its content was changed" for name in names if _changed(archive, name, expected)))


def _changed(archive: zipfile.ZipFile, name: str, expected: dict[str, str]) -> bool:
    digest = hashlib.sha256()
    with archive.open(name) as member:
        while block := member.read(BLOCK):
            digest.update(block)
    return name in expected and digest.hexdigest() != expected[name]
