"""A race to forge, its honest export, and what a forger has: everything but the installation's key.

A forger may change any member and seal the file anew, with a manifest that fits; may play another log into a database
of their own, chain and all, and export that with a key of their own; and may change the database itself.
"""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from app.archive.export import export
from app.archive.leaving import HANDING_OUT, HOUSE
from app.archive.seal import packing
from app.archive.signature import signer
from app.archive.signing_keys import SigningKeys
from app.archive.trust import Trust
from app.database import open_database
from app.database.key_folder import KeyFolder
from app.streams.chain import GENESIS, body_digest, link
from app.streams.journal import open_journal
from sessions.messages import Event, Personal
from tests.support.batches import batch_of
from tests.support.handing import hand_over_all
from tests.support.stage import START, Stage, made_up, phase, words

CODE = "7K3MQX9T"
AT = "2026-11-29T12:00:00+00:00"
TEAMS = (("p0", "p1", "p2"), ("p3", "p4"), ("p5", "p6"))
VOTERS = [person for team in TEAMS for person in team]
JURORS = [f"j{number}" for number in range(5)]
CRITERIA = ("need", "novelty", "market", "feasibility", "team")
VOTE = {"method": "dots", "dots": 3, "max_per_option": 2, "keep": "3", "begins_entries": True}
DRAFT = {"minute": 5, "name": "draft", "title": words("Draft"), "hard": False, "contacts": 0}
OPTIONS = [{"id": name, "label": words(name)} for name in ("team", "session", "public")]
CONSENT = {"id": "consent", "type": "choice", "fact": "consent", "label": words("?"), "options": OPTIONS}
PHASES = (
    phase("survey", "C", rules={"form": "consent", "respondent": "person"}),
    phase("team", "T", rules={"min_size": 1, "max_size": 9}),
    phase("collect", "I", inputs=["T"], who=["teams"], rules={"fields": ["text"], "main": "text"}),
    phase("vote", "V", inputs=["I"], who=["teams"], rules={**VOTE, "ballots": "confidential"}),
    phase(
        "vote", "O", inputs=["I"], who=["teams"], rules={**VOTE, "begins_entries": False, "ballots": "open"}
    ),
    phase(
        "vote", "S", inputs=["I"], who=["teams"], rules={**VOTE, "begins_entries": False, "ballots": "secret"}
    ),
    phase(
        "work", "W", who=["teams"], rules={"documents": ["nabc"], "about": "entries", "deadlines": [DRAFT]}
    ),
    phase(
        "jury",
        "J",
        who=["jury"],
        rules={"rubric": "default5", "min_jurors": 3, "ties": ["chair"], "award": "a"},
    ),
)


def played() -> Stage:
    """Three teams, three votes with a ballot replaced and a voter removed in one, a snapshot, a jury of five."""
    stage = Stage(form=_format(), **dict.fromkeys(VOTERS, "participant"), **dict.fromkeys(JURORS, "juror"))
    stage.open("C")
    for person in VOTERS[:4]:
        stage.ok("answer", person, "C", consent="public")
    stage.open("T")
    for team in TEAMS:
        stage.ok("start_team", "kim", "T", person=list(team), reason="a test")
    stage.ok("confirm_teams", "kim", "T", reason="a test")
    stage.open("I")
    for team in TEAMS:
        stage.ok("add_card", team[0], "I", text=f"The idea of {team[0]}")
    _vote(stage)
    stage.open("W")
    stage.after(6)
    stage.open("J")
    for number, juror in enumerate(JURORS):
        for entry in stage.session.entries:
            scores = {f"score-{name}": str(1 + (number + len(name)) % 5) for name in CRITERIA}
            stage.ok(
                "score_entry", juror, "J", entry=entry, comment=f"Remark of {juror}", final="yes", **scores
            )
    stage.close("J")
    stage.ok("sign_result", "kim", "J", seed=5, reason="Well done")
    return stage


def with_four_voters() -> Stage:
    """As far as the confidential vote, in which four have a ballot."""
    stage = Stage(form=_format(), **dict.fromkeys(VOTERS, "participant"))
    stage.open("T")
    for team in TEAMS:
        stage.ok("start_team", "kim", "T", person=list(team), reason="a test")
    stage.ok("confirm_teams", "kim", "T", reason="a test")
    stage.open("I")
    stage.ok("add_card", "p0", "I", text="One idea")
    stage.open("V")
    option = [card.id for card in stage.session.outcome("I").cards]
    for number, person in enumerate(VOTERS[:4]):
        stage.ok("cast_ballot", person, "V", seed=number + 1, option=option)
    stage.close("V")
    return stage


def _vote(stage: Stage) -> None:
    ideas = [card.id for card in stage.session.outcome("I").cards]
    for name in ("V", "O", "S"):
        stage.open(name)
        for number, person in enumerate(VOTERS):
            option = [ideas[number % 3], ideas[0]]
            stage.ok("cast_ballot", person, name, seed=100 + number, option=option)
        if name == "V":
            stage.ok("cast_ballot", "p1", name, seed=200, option=[ideas[2]])
            stage.ok("remove_person", "kim", person="p6")
        stage.close(name)
        stage.ok("reveal_result", "kim", name)
        if name == "V":
            stage.join("p6")


def _format() -> dict[str, Any]:
    forms = {**made_up()["forms"], "consent": {"fields": [CONSENT]}}
    return {**made_up(), "forms": forms, "phase": list(PHASES)}


@dataclass
class Made:
    """An export, and the keys it was signed with."""

    file: Path
    keys: SigningKeys
    log: Sequence[Event]
    data: Path

    @property
    def trust(self) -> Trust:
        trust = Trust()
        trust.take(self.keys.register, "of this installation")
        return trust


def make(folder: Path, log: Sequence[Event], purpose: str = HOUSE, keys: SigningKeys | None = None) -> Made:
    """Play a log into a database of its own, hand its entries over to their records, and export it; signed with a key
    of its own, if no other is given."""
    folder.mkdir(parents=True)
    keys = keys or SigningKeys(KeyFolder(folder / "keys"))
    made = Made(folder / "race.zip", keys, log, folder / "data")
    asyncio.run(_written(made, purpose))
    return made


async def _written(made: Made, purpose: str) -> None:
    made.data.mkdir()
    database = open_database(made.data)
    await database.migrate()
    journal = open_journal(database)
    await journal.create(CODE, "test", "Test")
    joined = [e.body["person"] for e in made.log if e.kind == "joined" and e.body["role"] == "participant"]
    names = [Personal(person, {"name": f"{person.title()} Öberg"}) for person in dict.fromkeys(joined)]
    await journal.append(CODE, 0, lambda _: batch_of(made.log, *names))
    await hand_over_all(database, CODE)
    sign = signer(made.keys, AT)
    await asyncio.to_thread(export, database, CODE, made.file, None, purpose, sign)
    await database.close()


def again(made: Made, purpose: str = HANDING_OUT, now: float = START) -> Path:
    """One more export of the same database, made at a wall time."""
    out = made.file.with_name(f"{purpose}-{now:.0f}.zip")
    database = open_database(made.data)
    export(database, CODE, out, None, purpose, signer(made.keys, AT), now)
    asyncio.run(database.close())
    return out


# ---- what a forger does with a file

Content = dict[str, bytes]


def members(file: Path) -> Content:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sealed(out: Path, content: Mapping[str, bytes], **manifest: Any) -> Path:
    """Members as a well sealed file, with a manifest that fits; the signature stays what it was."""
    told = orjson.loads(content["manifest.json"])
    rest = {name: text for name, text in content.items() if name not in ("manifest.json", "signature.json")}
    with packing(out) as pack:
        for name, text in rest.items():
            pack.add(name, [text])
        fits = {"files": dict(pack.digests), "sizes": dict(pack.sizes)}
        pack.add("manifest.json", [orjson.dumps({**told, **fits, **manifest})])
        if "signature.json" in content:
            pack.add("signature.json", [content["signature.json"]])
    return out


Lines = list[dict[str, Any]]


def lines(content: Content) -> Lines:
    return [orjson.loads(line) for line in content["log.jsonl"].splitlines()]


def with_lines(content: Content, changed: Lines) -> Content:
    return {**content, "log.jsonl": b"".join(orjson.dumps(line) + b"\n" for line in changed)}


def at(log: Lines, kind: str, phase_id: str = "V") -> int:
    """Where the first event of a kind stands."""
    return next(place for place, line in enumerate(log) if (line["kind"], line["phase"]) == (kind, phase_id))


def with_body(line: dict[str, Any], body: Any, proved: bool = True) -> dict[str, Any]:
    """A line that says something else, with a proof of its own or without one."""
    text = orjson.dumps(body)
    if not proved:
        return {**line, "body": text.decode(), "salt": None}
    return {
        **line,
        "body": text.decode(),
        "salt": "00" * 16,
        "body_digest": body_digest(bytes(16), text).hex(),
    }


def chained(log: Lines) -> tuple[Lines, str]:
    """Lines that link again, and the head that they come to."""
    before, made = GENESIS, []
    for line in log:
        rest = [CODE, *(line[name] for name in ("seq", "at", "actor", "command", "kind", "phase"))]
        digest = [line["words_digest"]] if line.get("words_digest") else []
        before = link(before, bytes.fromhex(line["body_digest"]), *rest, *digest)
        made.append({**line, "digest": before.hex()})
    return made, before.hex()


Change = Callable[[Any], Any]


def log_with(log: Sequence[Event], kind: str, phase_id: str, change: Change) -> list[Event]:
    """A log in which the last event of a kind says something else."""
    place = max(n for n, event in enumerate(log) if (event.kind, event.phase) == (kind, phase_id))
    event = log[place]
    return [
        *log[:place],
        event._replace(body=change(orjson.loads(orjson.dumps(event.body)))),
        *log[place + 1 :],
    ]
