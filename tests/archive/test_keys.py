"""What an installation says in public of its keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.archive.public_keys import fingerprint, register_in
from app.archive.signing_keys import SigningKeys
from app.archive.trust import Trust
from app.archive.verify import verify
from app.database.key_folder import KeyFolder
from tests.archive.forging import make, played
from tests.live.test_socket import ROOM
from tests.support.house import house

YET = {"en": "There is no key yet", "sv": "Det finns ingen nyckel än", "fi": "Avainta ei ole vielä"}


async def test_the_page_of_keys_shows_what_a_check_prints_and_no_private_half(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        guest = await home.guest("Aino", live=False)
        for language, words in YET.items():
            assert words in (await guest.http.get("/keys", params={"lang": language})).text
        keys = SigningKeys(KeyFolder(home.inside.settings.key_folder))
        first = keys.ready()
        second = keys.renew()
        page = (await guest.http.get("/keys", params={"lang": "en"})).text
        assert page.index(second.fingerprint.replace("-", " ")) < page.index(
            first.fingerprint.replace("-", " ")
        )
        file = await guest.http.get("/.well-known/race-keys.json")
        assert register_in(file.content) == keys.register
        for pem in (home.inside.settings.key_folder / "signing").glob("*.pem"):
            assert pem.stat().st_mode & 0o077 == 0
            secret = pem.read_text().splitlines()[1]
            assert secret not in page
            assert secret not in file.text


def test_a_file_of_keys_that_was_got_from_the_installation_proves_its_exports(tmp_path: Path) -> None:
    made = make(tmp_path / "a", played().log[:1])
    trust = Trust()
    trust.take(register_in((tmp_path / "a" / "keys" / "signing" / "keys.json").read_bytes()), "from its page")
    assert verify(made.file, trust=trust).status == 0


@pytest.mark.parametrize("content", [b"", b"[]", b'{"keys": 1}', b'{"keys": [{"key": "00", "made": ""}]}'])
def test_what_is_no_register_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        register_in(content)


def test_a_fingerprint_is_eight_groups_of_four() -> None:
    assert [len(group) for group in fingerprint("00" * 32).split("-")] == [4] * 8
