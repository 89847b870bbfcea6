import asyncio
import json
import socket
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from app.address import DEFAULT, address, noted
from app.cli.listening import free_port, listen
from app.cli.trouble import Trouble
from app.database import open_database
from app.projections import PROJECTIONS
from app.rehearsal.browser.http import Browser, Place, Unexpected
from app.rehearsal.venue.server import Server
from app.setup import ROOT
from app.streams.rebuild import make_current
from tests.golden import CODE, unpack_database
from tests.support.commands import Command
from tests.support.databases import new_place
from tests.support.handing import hand_over_all


def test_help_names_every_command_and_keeps_the_rehearsals_knobs_to_itself(command: Command) -> None:
    status, out, _ = command("--help")
    assert status == 0
    for name in (
        "demo",
        "serve",
        "new",
        "rehearse",
        "migrate",
        "rebuild",
        "export",
        "verify",
        "move",
        "key",
        "backup",
        "restore",
    ):
        assert f"  {name} " in out
    assert "clock" not in command("serve", "--help")[1]


def test_new_prints_one_json_object_with_links_that_differ(command: Command, tmp_path: Path) -> None:
    status, out, err = command(
        "new", "race48", "--data", tmp_path, "--json", "--base-url", "https://r.example/"
    )
    made = json.loads(out)
    assert (status, err) == (0, "")
    assert list(made) == ["code", "join", "console", "screen", "second_console"]
    assert made["join"] == f"https://r.example/s/{made['code']}"
    assert made["console"].startswith("https://r.example/enter/")
    assert len({made["console"], made["screen"], made["second_console"]}) == 3


def test_link_makes_one_more_that_opens_as_often_as_any_other(command: Command, tmp_path: Path) -> None:
    _, out, _ = command("new", "race48", "--data", tmp_path, "--json")
    code = json.loads(out)["code"]
    lower = f"{code[:4].lower()} {code[4:].lower()}"
    status, out, err = command(
        "link", lower, "juror", "--data", tmp_path, "--json", "--base-url", "https://r.example/"
    )
    assert (status, err) == (0, "")
    made = json.loads(out)
    assert (made["role"], made["link"].startswith("https://r.example/enter/")) == ("juror", True)
    assert command("link", code, "screen", "--data", tmp_path)[1].count("█") > 100


def test_link_says_what_is_wrong(command: Command, tmp_path: Path) -> None:
    assert command("migrate", "--data", tmp_path)[0] == 0
    for arguments, complaint in (
        (("7K3MQX9T", "juror"), "There is no session 7K3MQX9T"),
        (("7K3MQX9T", "process_leader"), "There is no role 'process_leader' for a link."),
        (("7K3M", "juror"), "'7K3M' is no join code"),
    ):
        status, out, err = command("link", *arguments, "--data", tmp_path)
        assert (status > 0, out, complaint in err) == (True, "", True), err


def test_new_without_json_shows_a_picture_for_cameras(command: Command, tmp_path: Path) -> None:
    status, out, _ = command("new", "race48", "--data", tmp_path)
    assert status == 0
    assert out.count("█") > 100
    assert f"{DEFAULT}/s/" in out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (
            ("new", "race49"),
            "There is no format 'race49'. There are: cluster_plan, cluster_summary, company_day",
        ),
        (("new", "race48", "--zone", "Mars/Base"), "There is no time zone 'Mars/Base'"),
        (("new", "race48", "--language", "xx"), "There is no language 'xx'. There are: en, sv, fi."),
        (("verify", "nowhere.zip"), "There is no file nowhere.zip."),
        (("verify", __file__, "--receipt", "7K3M"), "'7K3M' is no receipt"),
        (("export", "tooshort!"), "is no join code"),
        (("rehearse", "--spoil", "hope"), "lose or double"),
        (("rehearse", "--participants", "3"), "at least 12 people"),
        (("demo", "race48", "--participants", "3"), "at least 12 people"),
        (("demo", "race49"), "There is no format 'race49'"),
    ],
)
def test_what_is_asked_wrongly_is_told_in_a_sentence(
    command: Command, arguments: tuple[str, ...], complaint: str
) -> None:
    status, out, err = command(*arguments)
    assert (status, out) == (2, "")
    assert complaint in err
    assert "Traceback" not in err


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, _, err = command("migrate", "--data", tmp_path / "file" / "data")
    assert status == 1
    assert err.startswith("Migrating the database in")
    assert err.count("\n") == 1


def test_migrate_tells_what_it_did_and_does_nothing_twice(command: Command, tmp_path: Path) -> None:
    status, out, _ = command("migrate", "--data", tmp_path)
    assert status == 0
    assert "steps done" in out
    status, out, _ = command("migrate", "--data", tmp_path)
    assert status == 0
    assert "nothing to do" in out


def test_rebuild_tells_what_differs_and_mends_it(command: Command, tmp_path: Path) -> None:
    unpack_database(tmp_path)
    asyncio.run(_handed_over(tmp_path))
    told = f"{tmp_path}: made again from 3 streams.\n"
    assert command("rebuild", "--data", tmp_path)[:2] == (0, told)
    assert command("rebuild", "--check", "--data", tmp_path)[0] == 0
    with closing(sqlite3.connect(tmp_path / "race.sqlite")) as db:
        db.execute("UPDATE records SET title = 'Another' WHERE entry = 'e1'")
        db.commit()
    status, out, err = command("rebuild", "--check", "--data", tmp_path)
    assert (status, out.startswith("records "), out.endswith(": another\n")) == (1, True, True)
    assert err.startswith("1 rows in")
    assert command("rebuild", "--data", tmp_path)[0] == 0
    assert command("rebuild", "--check", "--data", tmp_path)[0] == 0


async def _handed_over(data: Path) -> None:
    database = open_database(data)
    await database.migrate()
    await make_current(database, PROJECTIONS)
    await hand_over_all(database, CODE)
    await database.close()


def test_an_export_holds_and_a_tampered_one_does_not(command: Command, tmp_path: Path) -> None:
    code = json.loads(command("new", "race48", "--data", tmp_path, "--json")[1])["code"]
    file = tmp_path / "export.zip"
    status, out, _ = command("export", code.lower(), "--data", tmp_path, "--out", file)
    assert status == 0
    assert "1 events" in out
    status, out, _ = command("verify", file, "--data", tmp_path)
    assert status == 0
    assert f"{file} is proved: session {code}, 1 events" in out
    _tamper(file)
    status, out, err = command("verify", file, "--data", tmp_path)
    assert status == 1
    assert "wrong: the file is not as it was sealed: something in it was changed" in out
    assert "does not hold" in err


def _tamper(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["log.jsonl"] = members["log.jsonl"].replace(b"Stockholm", b"Stockhulm")
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("code", ["ABCDEFGH", "abcd efgh"])
def test_export_of_a_session_that_is_not_there(command: Command, tmp_path: Path, code: str) -> None:
    assert "There is no database" in command("export", code, "--data", tmp_path)[2]
    command("migrate", "--data", tmp_path)
    status, _, err = command("export", code, "--data", tmp_path)
    assert status == 1
    assert "There is no session ABCDEFGH" in err


async def test_new_works_beside_a_running_server_and_its_links_lead_there(tmp_path: Path) -> None:
    server = Server(tmp_path, rate=1.0)
    await server.start()
    try:
        made = json.loads(_new(tmp_path))
        place = Place(server.host, server.ports)
        base = f"http://{server.host}:{server.port}"
        assert made["join"] == f"{base}/s/{made['code']}"
        assert "<form" in await Browser(place).open(f"/s/{made['code']}")
        enter = made["console"].removeprefix(base)
        assert await Browser(place).send(enter, {"name": "Kim"}) == f"/s/{made['code']}/console"
        with pytest.raises(Unexpected, match="410"):
            await Browser(place).send(enter, {"name": "Kim"})
    finally:
        await server.stop()


def _new(data: Path) -> str:
    arguments = [sys.executable, "-m", "app", "new", "race48", "--data", str(data), "--json"]
    return subprocess.run(arguments, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_a_taken_port_is_told_and_another_one_is_found() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Trouble, match=f"Cannot listen on 127.0.0.1:{port}.*Choose another --port"):
            listen("127.0.0.1", port)
        assert free_port("127.0.0.1", port) > port


@pytest.mark.parametrize(
    ("host", "expected"), [("127.0.0.1", "http://127.0.0.1:80"), ("::1", "http://[::1]:80")]
)
def test_an_address_is_what_people_type(host: str, expected: str) -> None:
    assert address(host, 80) == expected


def test_a_server_for_every_network_is_found_at_an_address_of_this_machine() -> None:
    assert "0.0.0.0" not in address("0.0.0.0", 80)


def test_without_a_server_links_lead_to_the_default_address(tmp_path: Path) -> None:
    assert noted(tmp_path) == DEFAULT


def test_a_session_moves_to_postgres_and_back_and_the_one_who_asks_is_told_where_it_stayed(
    command: Command, tmp_path: Path
) -> None:
    home, url, other = tmp_path / "home", new_place("postgres", tmp_path).url, tmp_path / "other"
    code = json.loads(command("new", "race48", "--data", home, "--json")[1])["code"]
    status, out, err = command("move", code, "--from-data", home, "--to-url", url)
    assert (status, err) == (0, "")
    assert out.startswith(f"{code} is in PostgreSQL /race_")
    assert f"It was left in {home} as well." in out
    assert command("move", code.lower(), "--from-url", url, "--to-data", other)[0] == 0
    status, _, err = command("move", code, "--from-data", other, "--to-url", url)
    assert (status, err.startswith(f"{code} was not moved to PostgreSQL")) == (1, True)
    heads = [
        command("export", code, *where, "--out", tmp_path / "x.zip")[1].split()[-1]
        for where in (("--data", home), ("--database-url", url), ("--data", other))
    ]
    assert len(set(heads)) == 1


@pytest.mark.parametrize(
    "where",
    [
        ("--from-data", "a"),
        ("--from-data", "a", "--to-data", "b", "--to-url", "postgresql:///x"),
        ("--to-data", "b"),
        ("--from-data", "a", "--to-url", "mysql:///x"),
    ],
)
def test_a_move_says_from_where_and_to_where(
    command: Command, tmp_path: Path, where: tuple[str, ...]
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "race.sqlite").touch()
    places = [str(tmp_path / word) if len(word) == 1 else word for word in where]
    assert command("move", "7K3MQX9T", *places)[0] == 2


def test_check_names_file_line_phase_and_remedy_and_no_command_begins_with_a_fault(
    command: Command, tmp_path: Path
) -> None:
    race = (ROOT / "sessions" / "formats" / "race48.toml").read_text("utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(race.replace('method = "dots"', 'method = "dot"', 1), "utf-8")
    line = file.read_text("utf-8").splitlines().index('method = "dot"') + 1
    status, out, err = command("check", file)
    assert status == 1
    assert f"mine.toml:{line}: fault: phase R04: method must be one of dots" in out
    assert "Did you mean dots?" in out
    assert err == "mine.toml: 1 fault; no session may begin with it.\n"
    status, _, err = command("new", file, "--data", tmp_path / "data")
    assert status == 1
    assert "phase R04: method must be one of" in err


def test_check_of_a_sound_format_says_what_is_worth_a_look(command: Command) -> None:
    status, out, err = command("check", "race48", "--participants", 10)
    assert (status, err) == (0, "")
    assert "look: it takes at least 12 people." in out
    assert out.splitlines()[-1] == "race48.toml: no faults; 3 to look at."


def test_check_says_what_it_does_not_find(command: Command) -> None:
    status, _, err = command("check", "nothing.toml")
    assert status == 2
    assert "There is no format 'nothing.toml'" in err


def test_new_says_when_a_start_or_an_earlier_event_cannot_be(command: Command, tmp_path: Path) -> None:
    for option, complaint in (
        (("--starts", "tomorrow"), "'tomorrow' is no day and hour. Write it like 2026-12-03 09:00."),
        (("--from", "survey=7K3MQX9T"), "The format builds on no earlier event 'survey'. It names: none."),
    ):
        status, _, err = command("new", "race48", "--data", tmp_path, *option)
        assert (status, complaint in " ".join(err.split())) == (2, True)
    assert command("new", "race48", "--data", tmp_path, "--starts", "2026-12-03 09:00")[0] == 0
