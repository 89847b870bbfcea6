"""The sockets and requests of a guest whose pass has ended, on a real server."""

from __future__ import annotations

from pathlib import Path

from app.audience.fanout import NOT_ALLOWED
from tests.sessions.test_passes import data
from tests.support.house import house
from tests.support.patience import SOON, within
from tests.support.stage import plain


async def test_with_a_pass_its_sockets_end_and_its_requests_are_refused(tmp_path: Path) -> None:
    async with house(tmp_path, plain(data())) as home:
        kim, sam = await home.staff(), await home.guest("Sam", "sv", live=False)
        await kim.say("open_phase", "A")
        (person,) = [m.id for m in (await home.desk()).session.people.values() if m.role == "participant"]
        await kim.say("grant_role", person=person, role="startup")
        early = await sam.http.get(f"/s/{home.code}")
        assert (early.status_code, "Ditt gästpass gäller inte än" in early.text) == (403, True)
        await kim.say("open_phase", "C")
        assert "Nystartat företag" in await sam.page("mine")
        socket = await sam.connect()
        assert (await sam.post("add_card", "C", text="Lamps that need no current")).status_code == 303
        for phase in "DE":
            await kim.say("open_phase", phase)
        await within(socket.wait_closed(), SOON)
        assert socket.close_code == NOT_ALLOWED
        late = await sam.http.get(f"/s/{home.code}")
        assert (late.status_code, "Ditt gästpass har gått ut" in late.text) == (403, True)
        assert (await sam.post("add_card", "D", text="Too late")).status_code == 403
        assert (await sam.http.get(f"/s/{home.code}/mine")).status_code == 403
        assert (await sam.http.get(f"/s/{home.code}/my-data")).status_code == 200
        await sam.post("erase_person", sure="yes")
        assert (await home.desk()).session.people[person].erased
