"""Everything the outside can set, from the environment (prefix ``RACE_``) or the command line."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parent.parent


class Settings(BaseSettings):
    """One object for the whole process."""

    model_config = SettingsConfigDict(env_prefix="RACE_")

    data: Path = Path("data")
    """Folder of the SQLite database."""
    base_url: str = ""
    """The address people type, e.g. ``https://race.example.org``; "" takes the one the request came to."""
    clock_origin: float = 0.0
    clock_rate: float = 1.0
    """Race seconds in a real second since ``clock_origin`` (seconds since 1970 UTC); above 1 only in rehearsals."""
    beat_seconds: float = 20.0
    """Real seconds between two signs of life on a socket."""
    secure_cookies: bool = False
    """Cookies only over https, under names that no other site can plant. A ``base_url`` of https sets it too."""

    @property
    def secure(self) -> bool:
        return self.secure_cookies or self.base_url.startswith("https://")

    @property
    def templates(self) -> Path:
        return ROOT / "templates"

    @property
    def static(self) -> Path:
        return ROOT / "static"
