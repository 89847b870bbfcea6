"""The file with everything that is held about a person: a page to read and the same for machines, in one zip."""

from __future__ import annotations

import io
import zipfile

from app.archive.own.data import OwnData
from app.drawing.render import Renderer

PAGE, DATA = "my-data.html", "my-data.json"


def own_data_file(held: OwnData, renderer: Renderer, language: str) -> bytes:
    """The zip. Times in it are UTC."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PAGE, renderer.show("archive/my_data.html", language, held=held))
        archive.writestr(DATA, held.as_json())
    return packed.getvalue()
