"""A session whose log was changed from outside is not served: pages say so, and so do those who watch the server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.streams.proof import Unproved
from app.telemetry.metrics import tally
from sessions.messages import Command
from tests.live.test_socket import ROOM
from tests.support.house import Guest, House, house
from tests.support.stage import phase, shelf, words

CLOSED = {
    "en": "This session is closed",
    "sv": "Den här sessionen är stängd",
    "fi": "Tämä istunto on suljettu",
}
CARDS = {"columns": ["idea"], "fields": ["text"], "main": "text"}
VOTE = {"method": "dots", "dots": 1, "keep": "1", "ballots": "open", "blind": False}
RACE = {
    **shelf("documents"),
    "key": "test",
    "title": words("Test"),
    "phase": [phase("collect", "P1", rules=CARDS), phase("vote", "P2", inputs=["P1"], rules=VOTE)],
}
FORGED = """
    UPDATE log SET body = '{{"marks": {{"{loser}": 1}}}}', salt = NULL
    WHERE kind = 'ballot_cast' AND body LIKE '%{winner}%'
"""


@asynccontextmanager
async def voted(folder: Path) -> AsyncIterator[tuple[House, list[str]]]:
    """A house in which one idea got three votes, and another one; the ideas, the winner first."""
    async with house(folder, RACE) as home:
        staff = await home.staff(live=False)
        people = [await home.guest(f"Person {n}", live=False) for n in range(4)]
        desk = await home.desk()
        kim, voters = (
            desk.session.driver,
            [p for p, m in desk.session.people.items() if m.role == "participant"],
        )
        assert (len(people), staff.view) == (len(voters), "console")
        await desk.submit(Command("open_phase", "o1", "P1"), kim)
        for n in range(2):
            fields = {"column": "idea", "text": f"Idea {n}"}
            await desk.submit(Command("add_card", f"k{n}", "P1", fields), voters[n])
        ideas = [card.id for card in desk.session.outcome("P1").cards]
        await desk.submit(Command("next_phase", "o2", "P1"), kim)
        for n, voter in enumerate(voters):
            await desk.submit(Command("cast_ballot", f"b{n}", "P2", {"option": ideas[n == 3]}), voter)
        await desk.submit(Command("close_phase", "o3", "P2"), kim)
        assert list(desk.session.outcome("P2").kept) == ideas[:1]
        yield home, ideas
        tally.unproved.clear()


async def forge(home: House, statement: str) -> None:
    """Change the database while no desk is open, as somebody with a shell could."""
    await home.inside.desks.close()
    database = home.inside.people._database
    assert await database.write(lambda db: db.exec_driver_sql(statement).rowcount) > 0


async def told(home: House, language: str) -> tuple[int, str]:
    """What somebody who comes to the session is answered, in their language."""
    guest = Guest(home, "phone")
    home.guests.append(guest)
    guest.http.headers["accept-language"] = language
    answer = await guest.http.get(f"/s/{home.code}")
    return answer.status_code, answer.text


async def test_one_update_shows_nobody_another_winner(tmp_path: Path) -> None:
    async with voted(tmp_path) as (home, (winner, loser)):
        await home.inside.desks.close()
        again = await home.desk()
        assert list(again.session.outcome("P2").kept) == [winner]
        await forge(home, FORGED.format(winner=winner, loser=loser))
        with pytest.raises(Unproved, match="ballot_cast"):
            await home.inside.desks.get(home.code)
        for language, words_ in CLOSED.items():
            status, page = await told(home, language)
            assert (language, status, f"<h1>{words_}</h1>" in page) == (language, 503, True)
            assert "Idea 1" not in page


async def test_a_script_is_answered_that_it_has_to_keep_what_it_sent(tmp_path: Path) -> None:
    async with voted(tmp_path) as (home, (winner, loser)):
        await forge(home, FORGED.format(winner=winner, loser=loser))
        sent = {"command": "cast_ballot", "id": "b9", "phase": "P2", "option": winner}
        answer = await home.guests[1].http.post(
            f"/s/{home.code}/do?view=phone", data=sent, headers={"accept": "application/json"}
        )
        assert (answer.status_code, answer.json()["refused"], answer.json()["reason"]) == (
            503,
            "b9",
            "unproved",
        )


async def test_whoever_watches_the_server_sees_it_and_other_sessions_go_on(tmp_path: Path) -> None:
    async with voted(tmp_path) as (home, (winner, loser)):
        guest = home.guests[1]
        assert (await guest.http.get("/healthz")).json() == {"ok": True, "faults": []}
        await forge(home, FORGED.format(winner=winner, loser=loser))
        await told(home, "en")
        health = await guest.http.get("/healthz")
        assert (health.status_code, health.json()) == (200, {"ok": True, "faults": [], "unproved": 1})
        assert "race_logs_unproved 1.0" in (await guest.http.get("/metrics")).text
        assert home.code not in health.text
        await home.begin(ROOM)
        assert (await told(home, "en"))[0] == 200


async def test_a_log_that_was_put_right_again_is_served(tmp_path: Path) -> None:
    async with voted(tmp_path) as (home, (winner, _)):
        await forge(home, "UPDATE heads SET seq = seq - 1")
        assert (await told(home, "en"))[0] == 503
        await forge(home, "UPDATE heads SET seq = seq + 1")
        assert (await told(home, "en"))[0] == 200
        assert list((await home.desk()).session.outcome("P2").kept) == [winner]
        assert tally.unproved == {}
