"""Small pieces of markup for templates: words, names, times, the line of the race. One set for each language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import segno
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from babel.support import NullTranslations
from markupsafe import Markup, escape

from app.drawing.race_line import line, planned_scene
from sessions.audience import ROLES
from sessions.entry_words import STATUS_NAMES
from sessions.viewers import is_named

if TYPE_CHECKING:
    from app.drawing.page_context import PageContext
    from sessions.session import Session
    from sessions.sight import Viewer

LOCALES = {"en": "en_GB", "sv": "sv_SE", "fi": "fi_FI"}
MINUTE = 60
DAYS_BY_NAME = 6
"""So many days away a weekday alone says which is meant."""
CLOCK_PATTERN = {"en": "HH:mm", "sv": "HH.mm", "fi": "H.mm"}


class Sentence(NamedTuple):
    """What is said to somebody, and the times in it: as they stand there, and in milliseconds since 1970 UTC."""

    text: str
    times: list[tuple[str, int]]


class Words:
    """One language: its catalogue, and how it writes times, names and lists."""

    def __init__(self, language: str, catalogue: NullTranslations) -> None:
        self.language = language
        self.gettext: Callable[[str], str] = catalogue.gettext
        self.ngettext: Callable[[str, str, int], str] = catalogue.ngettext

    def say(self, text: Mapping[str, str] | str) -> str:
        """A text that carries its own languages, in this one (else in English, else whatever there is)."""
        if isinstance(text, str):
            return text
        return text.get(self.language) or text.get("en") or next(iter(text.values()), "")

    def time(self, at: float, zone: str) -> str:
        """Wall time in the zone, as this language writes it: 13:42, 13.42."""
        return _written(at // MINUTE, zone, self.language, CLOCK_PATTERN[self.language])

    def day(self, at: float, zone: str) -> str:
        """The weekday."""
        moment = datetime.fromtimestamp(at, ZoneInfo(zone))
        return str(format_datetime(moment, "cccc", locale=LOCALES[self.language]))

    def date(self, at: float, zone: str) -> str:
        """The date in the zone, with the month in words: 30 November 2026, 30. marraskuuta 2026."""
        moment = datetime.fromtimestamp(at, ZoneInfo(zone))
        return str(format_date(moment, "long", locale=LOCALES[self.language]))

    def calendar(self, day: str) -> str:
        """A day that is given as year-month-day, with the month in words; what is none stays as it is."""
        try:
            return str(format_date(date.fromisoformat(day), "long", locale=LOCALES[self.language]))
        except ValueError:
            return day

    def number(self, value: float) -> str:
        """A number with at most two decimals, as this language writes it."""
        return str(format_decimal(value, "#,##0.##", locale=LOCALES[self.language]))

    def language_name(self, language: str) -> str:
        """What a language is called in this one."""
        return str(Locale.parse(LOCALES[self.language]).languages.get(language, language))

    def sentence(self, text: str, params: Mapping[str, Any], write: Callable[[float], str]) -> str:
        """An English source sentence in this language with its braces filled (see sessions.messages.Refused); ``write``
        says how a time is written."""
        filled = {name: self._param(name, value, write) for name, value in params.items()}
        return self.gettext(text).format_map(_Lenient(filled))

    def marked_sentence(self, text: str, params: Mapping[str, Any], write: Callable[[float], str]) -> Markup:
        """The same as markup, in which times may be marked as such."""
        filled = {name: self._param(name, value, write) for name, value in params.items()}
        return escape(self.gettext(text)).format_map(_Lenient(filled))

    def _param(self, name: str, value: Any, write: Callable[[float], str]) -> str:
        if isinstance(value, Mapping):
            return self.say(value)
        if isinstance(value, list | tuple):
            return ", ".join(self._param("", item, write) for item in value)
        if is_time(name, value):
            return write(float(value))
        return self.gettext(role_word(value)) if name == "role" else str(value)

    def helpers(self, hall: PageContext, view: str, viewer: Callable[[], Viewer]) -> dict[str, Any]:
        """What every template of a live page may call. ``viewer`` says who looks, where somebody is to be named."""
        session = hall.session

        def clock(at: float) -> Markup:
            return self.clock(at, session.zone, session.agenda.over_days)

        return {
            "clock": clock,
            "time": lambda at: self.time(at, session.zone),
            "date": lambda at: self.date(at, session.zone),
            "day": lambda at: self.day(at, session.zone),
            "calendar": self.calendar,
            "left_to": left_to,
            "typed": lambda at: typed(at, session.zone),
            "number": self.number,
            "language_name": self.language_name,
            "moment": lambda iso: self.moment(iso, session.zone),
            "name": lambda person: self.name(hall, viewer(), person),
            "third": hall.names.fields,
            "role_name": lambda role: self.role(session, role),
            "status_name": lambda status: self.say(STATUS_NAMES.get(status, status)),
            "sentence": lambda text, params: self.marked_sentence(text, params, clock),
            "qr": lambda: qr(hall.picture_url),
            "join_url": hall.join_url,
            "head_at": lambda seq: short_head(hall.heads.get(seq, b"")),
            "remaining": remaining,
            "planned_scene": planned_scene,
            "line": lambda now: line(session, now),
        }

    def role(self, session: Session, role: str) -> str:
        """What a role is called in this language: one of the format's own as it says."""
        own = session.format.roles.get(role) if session.format else None
        return self.say(own.title) if own else self.gettext(role_word(role))

    def moment(self, iso: str, zone: str) -> str:
        """A moment in ISO 8601 as date and wall time in the zone."""
        return self.dated(datetime.fromisoformat(iso).timestamp(), zone)

    def wall_time(self, at: float, zone: str, now: float) -> str:
        """A wall time in the zone, with the weekday where that is not today's, or the date where it is a week away."""
        day, today = (datetime.fromtimestamp(moment, ZoneInfo(zone)).date() for moment in (at, now))
        if abs((day - today).days) > DAYS_BY_NAME:
            return self.dated(at, zone)
        return ("" if day == today else f"{self._short_day(at, zone)} ") + self.time(at, zone)

    def dated(self, at: float, zone: str) -> str:
        """A moment as date and wall time in the zone."""
        return f"{self.date(at, zone)} {self.time(at, zone)}"

    def clock(self, at: float, zone: str, over_days: bool = False) -> Markup:
        """A wall time in the session's zone, with its weekday where an event runs over days. The script leaves the day
        out today, and writes the time by the phone's own zone there, with that zone's name where it is another."""
        moment = datetime.fromtimestamp(at, ZoneInfo("UTC")).isoformat(timespec="seconds")
        day = f"{self._short_day(at, zone)} " if over_days else ""
        stamp = f'datetime="{moment}" data-at="{int(at * 1000)}" data-format="time"'
        return trusted(f"<time {stamp}>{escape(day + self.time(at, zone))}</time>")

    def _short_day(self, at: float, zone: str) -> str:
        return _written(at // MINUTE, zone, self.language, "ccc")

    def name(self, hall: PageContext, viewer: Viewer, person: str) -> str:
        """The name, for whom the person lets see it; the word for the role otherwise."""
        member = hall.session.people.get(person)
        if member is None:
            return self.gettext("Somebody")
        shown = hall.names.shown_name(person) if is_named(hall.session, viewer, person) else ""
        return shown or self.role(hall.session, member.called)


@lru_cache(maxsize=4096)
def _written(minute: float, zone: str, language: str, pattern: str) -> str:
    """A wall time (minutes since 1970 UTC) by a pattern: thousands of ballots within a minute say the same."""
    moment = datetime.fromtimestamp(minute * MINUTE, ZoneInfo(zone))
    return str(format_datetime(moment, pattern, locale=LOCALES[language]))


class _Lenient(dict[str, str]):
    """An unknown brace stays as it is: an old log never breaks a page."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def left_to(at: float) -> Markup:
    """What the script fills with the time that is left."""
    return trusted(f'<b data-ends="{int(at * 1000)}"></b>')


def typed(at: float, zone: str) -> str:
    """A wall time as a field for day and hour takes it, in a zone: 2026-12-03T09:00; "" for none."""
    return datetime.fromtimestamp(at, ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if at else ""


def role_word(role: Any) -> str:
    """The English source word for a role."""
    words = str(role).replace("_", " ")
    return words.capitalize() if str(role) in ROLES else words


def is_time(name: str, value: Any) -> bool:
    """Whether what fills a brace of this name is a wall time."""
    return name.endswith("_at") and isinstance(value, int | float)


def trusted(html: str) -> Markup:
    """Markup that we have made ourselves: a constant, or a template rendered with autoescape."""
    return Markup(html)  # noqa: S704 – the one place where text becomes markup


def short_head(digest: bytes) -> str:
    """As much of a digest of the chain as somebody notes: sixteen hex digits in groups of four; "" for none."""
    digits = digest.hex()[:16]
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


@lru_cache(maxsize=256)
def qr(url: str) -> Markup:
    """The address as an inline QR picture."""
    code = segno.make(url, error="m")
    return trusted(
        code.svg_inline(svgclass="qr", lineclass=None, omitsize=True, border=3, dark="#10201e", light="#fff")
    )


def remaining(ends_at: float, now: float) -> str:
    """Time left as digits: ``46:20`` below an hour, ``1:14:02`` above; past the end ``+2:10``."""
    left = round(ends_at - now)
    minutes, seconds = divmod(abs(left), 60)
    hours, minutes = divmod(minutes, 60)
    digits = f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
    return digits if left >= 0 else f"+{digits}"
