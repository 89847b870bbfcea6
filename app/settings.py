"""Everything the outside can set, from the environment (prefix ``RACE_``) or the command line."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parent.parent


class Settings(BaseSettings):
    """One object for the whole process."""

    model_config = SettingsConfigDict(env_prefix="RACE_")

    data: Path = Path("data")
    """Folder of the SQLite database, and of the note where the server is found."""
    database_url: str = Field(default="", validation_alias=AliasChoices("RACE_DATABASE_URL", "database_url"))
    """``postgresql://…``, also from ``DATABASE_URL``: everything is kept there; "" keeps it in the data folder."""
    keys: Path | None = None
    """Folder of signing keys, keys of ballots and the ledger of the erased: beside the data, never in it."""
    base_url: str = ""
    """The address people type, e.g. ``https://race.example.org``; "" takes the one the request came to."""
    clock_origin: float = 0.0
    clock_rate: float = 1.0
    """Race seconds in a real second since ``clock_origin`` (seconds since 1970 UTC); above 1 only in rehearsals."""
    beat_seconds: float = 20.0
    """Real seconds between two signs of life on a socket."""
    idle_minutes: float = 15.0
    """Real minutes without anybody after which a session leaves memory, unless something is due in it soon."""
    messages_burst: int = 200
    messages_per_second: float = 20.0
    """Commands of one person: so many at once, then so many each real second. Nobody taps faster; scripts do."""
    person_megabytes: int = 32
    session_megabytes: int = 4_000
    """What commands of one person, and all of one session, may store at once, and then in each day."""
    min_free_megabytes: int = 256
    """Free space of the data folder's disk (or a twentieth of a small one) below which nothing more is stored."""
    contact_months: int = Field(default=0, ge=0)
    name_months: int = Field(default=0, ge=0)
    """Months after the last thing that happened in a session, from which on the server takes contact data, and names,
    away by itself; it looks once a day. 0 keeps them."""
    metrics_token: str = ""
    """Who brings it may read ``/metrics`` from anywhere; without one only this machine may."""
    secure_cookies: bool = False
    """Cookies only over https, under names that no other site can plant. A ``base_url`` of https sets it too."""

    @property
    def secure(self) -> bool:
        return self.secure_cookies or self.base_url.startswith("https://")

    @property
    def key_folder(self) -> Path:
        """Where keys are kept: ``DATA-keys`` beside the data folder, unless it was said."""
        data = self.data.resolve()
        return self.keys or data.with_name(f"{data.name}-keys")

    @property
    def place(self) -> str:
        """Where everything is kept, in words that may be printed: without user and password."""
        if not self.database_url:
            return str(self.data)
        address = urlsplit(self.database_url)
        return f"PostgreSQL {address.hostname or ''}{address.path}"

    @property
    def kept_at(self) -> dict[str, str]:
        """Where everything is kept, as an environment that another process of ours understands."""
        return {
            "RACE_DATA": str(self.data.resolve()),
            "RACE_DATABASE_URL": self.database_url,
            "RACE_KEYS": str(self.key_folder.resolve()),
        }

    @property
    def templates(self) -> Path:
        return ROOT / "templates"

    @property
    def static(self) -> Path:
        return ROOT / "static"
