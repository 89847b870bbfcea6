"""``python3 -m tests.pictures``: makes the README's pictures from a race that is played on the spot."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from random import Random

from app import setup

setup.ensure("dev")

from tests.support.look import shoot  # noqa: E402 – only once the packages are there
from tests.support.stage import Stage, race48  # noqa: E402

HERE = Path(__file__).parent.parent / "static" / "pictures"
NEEDS = (
    ("Konepajan työnjohtaja", "Mittauslaite seisoo 20 tuntia vuorokaudessa, ja naapuri ostaa oman."),
    ("Sawmill", "Restvärmen från sågen värmer ingenting på vintern, och växthuset eldar olja."),
    ("Haulier", "Lastbilarna kör tomma hem från Trondheim tre dagar i veckan."),
    ("New employees", "Nyanställda hittar ingen bostad inom pendlingsavstånd."),
    ("Night shift", "The snow guns' hoses freeze when the night shift changes section."),
    ("Sales", "Offerten tar tre veckor: ritningarna ligger i fyra system."),
    ("Village shop", "Butiken i byn får leverans två dagar i veckan."),
)


def played() -> Stage:
    """Fifty people, seven needs, and a vote about them that has been shown."""
    stage = Stage(form=race48(), sc="screen", aino="participant")
    people = [f"p{number}" for number in range(48)]
    for person in people:
        stage.join(person)
    stage.session.language = "sv"
    stage.open("R03")
    stage.after(14)
    for number, (who, situation) in enumerate(NEEDS):
        author = "aino" if number == 0 else people[number]
        stage.ok("add_card", author, "R03", who=who, situation=situation, column="need")
    return stage


def vote(stage: Stage) -> None:
    """Everybody places three dots; the result is shown."""
    stage.open("R04")
    chance, options = Random(4), [card.id for card in stage.session.outcome("R03").cards]
    for person in [m.id for m in stage.session.people.values() if m.role == "participant"]:
        dots = chance.choices(options, weights=range(len(options), 0, -1), k=3)
        stage.do("cast_ballot", person, "R04", option=dots)
    stage.close("R04")
    stage.ok("reveal_result", "kim", "R04")


def main() -> None:
    """Play, shoot, and put the pictures where the README expects them."""
    HERE.mkdir(exist_ok=True)
    stage = played()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        taken = {
            "phone": shoot(stage, place, "a", [("phone", "aino")], ["fi"], height=844)[0],
            "console": shoot(stage, place, "b", [("console", "kim")], ["en"])[0],
        }
        vote(stage)
        taken["screen"] = shoot(stage, place, "c", [("screen", "sc")], ["sv"])[0]
        for name, picture in taken.items():
            shutil.copyfile(picture, HERE / f"{name}.png")
            print(f"static/pictures/{name}.png")


if __name__ == "__main__":
    main()
