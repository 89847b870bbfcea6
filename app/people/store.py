"""Who is asking: people, the cookies that speak for them, the links that make staff of whoever opens them."""

import asyncio
import hmac
import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from typing import NamedTuple

from app.database import Database, WriteError
from app.database.batched_query import BatchedQuery
from app.database.tables import now
from app.people import keys, links
from app.people.codes import new_code, normalise_code
from app.people.directory import Directory
from app.people.keys import Seat
from app.people.links import KeptLink, Link
from app.people.rows import Write, empty_people, is_empty, put_personal, read_erased, read_personal
from sessions.messages import Personal

__all__ = ["Directory", "Link", "People", "Revoked", "Seat", "new_code", "normalise_code"]

log = logging.getLogger(__name__)

REVOKED = "revoked"
"""The topic of notices on cookies that speak for nobody any more."""
TOKEN_BYTES = 32
CACHED_COOKIES = 50_000
GRACE_SECONDS = 120.0
"""Real seconds for which a cookie that was replaced still speaks for its person once the new one has been brought:
other tabs may have asked before."""


class Revoked(NamedTuple):
    """Something speaks for a person no more: the cookie with this hash, or everything (None)."""

    person: str
    session: str
    cookie: bytes | None = None

    def word(self) -> str:
        """All but the session, as a notice to other processes carries it."""
        return f"{self.person} {(self.cookie or b'').hex()}"

    @classmethod
    def from_notice(cls, session: str, word: str) -> "Revoked":
        """What another process has told."""
        person, _, cookie = word.partition(" ")
        return cls(person, session, bytes.fromhex(cookie) or None)


class People:
    """Everybody in every session of this database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seats: OrderedDict[bytes, Seat] = OrderedDict()
        """Seats by the hash of their token, least lately asked for first."""
        self._asked = BatchedQuery(self._read_seats)
        self._revocations = 0
        self._horizon = 0
        self._sweeping: asyncio.Task[None] | None = None
        self.on_revoked: list[Callable[[Revoked], None]] = []
        """Told of everything that speaks for somebody no more: whoever holds open sockets listens."""
        self.tell_others: Callable[[Revoked], None] = lambda revoked: None
        """Carries the same to other processes on this database; where there are none, to nobody."""

    # ---- people

    async def create_person(
        self,
        session: str,
        name: str,
        organisation: str = "",
        language: str = "",
        person: str = "",
        **contact: str,
    ) -> str:
        """The pseudonymous id of somebody new: ``person``, or chance."""
        person = person or self.new_person()
        fields = {"name": name, "organisation": organisation, "language": language, **contact}
        await self._database.write(lambda db: put_personal(db, session, [Personal(person, fields)]))
        return person

    async def is_erased(self, session: str, person: str) -> bool:
        """Whether nothing is left of somebody but the id: nobody comes in under that again."""
        return await self._database.read(lambda db: is_empty(db, session, person))

    async def directory(self, session: str) -> Directory:
        """Who is who in a session as it is now; the caller keeps it up to date."""
        directory = Directory()
        directory.on_erased = lambda person: self._erased(session, person)
        await self._learn(session, directory, 0)
        return directory

    async def _learn(self, session: str, directory: Directory, told: int) -> None:
        """Take in the rows that were written since, and be ready to do so again."""
        horizon, known = await self._database.read(
            lambda db: (self._database.horizon(db), read_personal(db, session, told))
        )
        directory.learn(known)
        if self._database.shared:
            directory.catch_up = lambda: self._learn(session, directory, horizon)

    async def learn_anew(self, session: str, directory: Directory) -> None:
        """Bring a directory to what the rows say now, also where something was taken out of them."""
        await self._learn(session, directory, 0)

    def _erased(self, session: str, person: str) -> None:
        """A person's rows have just been emptied together with an event that says so."""
        self._stop(Revoked(person, session))
        self._sweeping = asyncio.create_task(self._sweep())

    async def _sweep(self) -> None:
        try:
            await self._database.forget_erased("people", "cookies", "links")
        except Exception:  # whatever keeps the database from it: the next erasure, or its own upkeep, does it
            log.exception("what was erased may still lie where the database has not cleaned up")

    def organisation_key(self, organisation: str) -> str:
        """A key that stands for an organisation in logs: the same for the same name, meaningless outside."""
        name = " ".join(organisation.casefold().split())
        return "o" + self._mac(name.encode())[:12] if name else ""

    def sign(self, text: str) -> str:
        """A signature that only this database's processes can make: what comes back with it was given out by us."""
        return self._mac(b"sign:" + text.encode())[:32]

    def new_person(self) -> str:
        """A pseudonymous id that nobody has, by chance."""
        return f"p{secrets.token_hex(8)}"

    def person_of(self, *asking: str) -> str:
        """The pseudonymous id of whoever comes of an asking, however often it is sent: the same for the same words."""
        return f"p{self.sign(':'.join(asking))[:16]}"

    def _mac(self, message: bytes) -> str:
        return hmac.new(self._database.secret, message, "sha256").hexdigest()

    # ---- cookies

    async def issue_cookie(
        self, person: str, session: str, role: str = "", device: str = "", mark: str = ""
    ) -> str:
        """A new token that speaks for a person, in a role, on a device. It begins with the ``mark``, by which whoever
        gives it out knows how they did."""
        token = mark + secrets.token_urlsafe(TOKEN_BYTES)
        seat = Seat(person, session, role, device=device)
        await self._database.write(lambda db: keys.keep_cookie(db, token, seat))
        return token

    async def people_on(self, session: str, device: str) -> list[str]:
        """Everybody for whom a device has ever spoken in a session; nobody for a device without a name."""
        return await self._database.read(lambda db: keys.people_on(db, session, device)) if device else []

    async def turn_away(self, session: str, people: Collection[str], noting: Iterable[Write] = ()) -> None:
        """People who wait are not let in: nothing is left of them. ``noting`` is written in the same transaction,
        before the database forgets them."""
        await self._database.write(lambda db: empty_people(db, session, people, noting))
        for person in people:
            self._stop(Revoked(person, session))
        self._sweeping = asyncio.create_task(self._sweep())

    async def whose(self, token: str) -> Seat | None:
        """Whom a token speaks for; None if it is unknown or revoked."""
        key = keys.hashed(token)
        if (known := self.remembered(token)) is not None:
            self._seats.move_to_end(key)
            return known
        revocations = self._revocations
        seat = await self._asked.ask(key)
        if seat is not None and seat.replaces is not None:
            await self._bring(key, seat, seat.replaces)
        elif seat is not None and revocations == self._revocations:  # else it may be out of date already
            self._remember(key, seat)
        return seat

    async def _bring(self, key: bytes, seat: Seat, before: bytes) -> None:
        """A cookie has come for the first time: the one in whose place it was given out stops in a while."""
        until = now() + timedelta(seconds=GRACE_SECONDS)
        try:
            await self._database.write(lambda db: keys.bring(db, key, until))
        except WriteError:  # whoever brings it next
            log.exception("a cookie that was replaced goes on for now")
            return
        self._seats.pop(before, None)
        self._revocations += 1
        stops = Revoked(seat.person, seat.session, before)
        asyncio.get_running_loop().call_later(GRACE_SECONDS, self._stop, stops)

    def remembered(self, token: str) -> Seat | None:
        """The same without asking the database; None if it had to be asked."""
        known = self._seats.get(keys.hashed(token))
        return known if known is not None and not known.over() else None

    async def _read_seats(self, asked: list[bytes]) -> dict[bytes, Seat]:
        return await self._database.read(lambda db: keys.seats_of(db, asked))

    def _remember(self, key: bytes, seat: Seat) -> None:
        self._seats[key] = seat
        if len(self._seats) > CACHED_COOKIES:
            self._seats.popitem(last=False)

    async def rotate_cookie(
        self, token: str, role: str = "", raised: bool = False, mark: str = ""
    ) -> str | None:
        """A new token in place of one; None if that was not valid, or another in its place has been brought. Where
        somebody is ``raised`` by it, the sockets that the old one has opened are closed at once.

        The old one is valid until the new one is brought, and ``GRACE_SECONDS`` more: the answer with the new one may
        be lost on its way, and other tabs may ask before it has come.
        """
        fresh = mark + secrets.token_urlsafe(TOKEN_BYTES)
        seat = await self._database.write(lambda db: keys.rotate(db, token, fresh, role))
        if seat is None:
            return None
        self._seats.pop(keys.hashed(token), None)
        self._revocations += 1
        if raised:
            self._stop(_of_cookie(seat, token))
        return fresh

    async def revoke_cookie(self, token: str) -> None:
        """This browser speaks for nobody any more."""
        seat = await self._database.write(lambda db: keys.revoke(db, token))
        if seat is not None:
            self._stop(_of_cookie(seat, token))

    def _stop(self, revoked: Revoked) -> None:
        self.hear(revoked)
        self.tell_others(revoked)

    def hear(self, revoked: Revoked) -> None:
        """Something was revoked, here or (as it told) by another process: the database is asked about it again."""
        self._revocations += 1
        for key in [key for key, seat in self._seats.items() if _concerns(revoked, key, seat)]:
            del self._seats[key]
        for listener in self.on_revoked:
            listener(revoked)

    async def look(self) -> None:
        """Hear of what other processes have revoked, also where their word got lost."""
        horizon = self._horizon
        self._horizon, stopped, erased = await self._database.read(
            lambda db: (self._database.horizon(db), keys.revoked(db, horizon), read_erased(db, horizon))
        )
        if not horizon:  # what was revoked before the first look, nobody here has believed yet
            return
        for key, seat in stopped:
            self._hear_in_time(key, seat)
        for person, session in erased:
            self.hear(Revoked(person, session))

    def _hear_in_time(self, key: bytes, seat: Seat) -> None:
        revoked = Revoked(seat.person, seat.session, key)
        if seat.over():
            self.hear(revoked)
        elif key in self._seats:
            self._seats[key] = seat
            if seat.until is not None:
                asyncio.get_running_loop().call_later(
                    (seat.until - now()).total_seconds(), self.hear, revoked
                )

    # ---- links

    async def make_link(self, link: Link, label: str = "", made_by: str = "") -> str:
        """The token of a new link, which works once. Nobody can ask for it again."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        await self._database.write(lambda db: links.keep_link(db, token, link, label, made_by))
        return token

    async def links(self, session: str) -> list[KeptLink]:
        """Every link of a session, latest first."""
        return await self._database.read(lambda db: links.read_links(db, session))

    async def stop_link(self, session: str, name: str) -> None:
        """A link opens nothing any more, and the screen that came by it shows nothing any more."""
        seat = await self._database.write(lambda db: links.stop(db, session, name))
        if seat is not None and seat.person:
            self._stop(Revoked(seat.person, session))

    async def peek_link(self, token: str, person: str = "") -> Link | None:
        """What a link opens for somebody, without using it up; None if it is unknown or used by another."""
        return await self._database.read(lambda db: links.peek(db, token, person))

    async def redeem_link(self, token: str, person: str = "") -> Link | None:
        """What a link opens, once, or for a while again for the same person; None if it is unknown or used."""
        return await self._database.write(lambda db: links.redeem(db, token, person))

    async def give_back_link(self, token: str) -> None:
        """Whoever has redeemed a link could not be let in: it opens the same again."""
        await self._database.write(lambda db: links.give_back(db, token))


def _of_cookie(seat: Seat, token: str) -> Revoked:
    return Revoked(seat.person, seat.session, keys.hashed(token))


def _concerns(revoked: Revoked, key: bytes, seat: Seat) -> bool:
    same = (seat.person, seat.session) == (revoked.person, revoked.session)
    return same and revoked.cookie in (None, key)
