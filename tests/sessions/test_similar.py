"""Texts that say nearly the same are found by how they are worded, and others are not."""

from __future__ import annotations

import random
import time

from sessions.similar import Similar, runs_of
from tests.support.ideas import ideas

PAIRS = [
    ("Vi hittar inga svetsare eller maskinoperatörer", "Vi hittar inte svetsare och maskinoperatörer"),
    ("Banken vägrar lån till prototyper", "Banken säger nej till lån för prototyper"),
    (
        "Äldre ensamboende ramlar hemma utan att det märks",
        "Äldre som bor ensamma faller hemma utan att någon märker det",
    ),
    (
        "Träspillet från produktionen bränns i stället för att återanvändas",
        "Träspill från produktionen eldas upp i stället för att återanvändas",
    ),
    ("Inga kontakter på tyska marknaden", "Vi har inga kontakter på den tyska marknaden"),
    ("Hitsaajia ja koneenkäyttäjiä ei löydy", "Emme löydä hitsaajia ja koneenkäyttäjiä"),
    ("Pankit eivät myönnä lainoja prototyyppeihin", "Pankki ei myönnä lainaa prototyyppeihin"),
    (
        "Yksin asuva vanhus kaatuu kotona eikä kukaan huomaa",
        "Yksin asuvat vanhukset kaatuvat kotona kenenkään huomaamatta",
    ),
    (
        "Puujätettä poltetaan tuotannossa, ei uudelleenkäytetä",
        "Tuotannon puujäte poltetaan eikä sitä käytetä uudelleen",
    ),
    ("Saksan markkinoilta puuttuvat kontaktit", "Meillä ei ole kontakteja Saksan markkinoilla"),
    ("We can't find any welders or machine operators", "We cannot find welders and machine operators"),
    ("The bank will not give loans for a prototype", "Banks refuse loans for prototypes"),
    (
        "Old people who live alone fall at home and nobody notices",
        "Elderly people living alone fall at home unnoticed",
    ),
    (
        "Production's wood waste gets burned, not reused",
        "Wood waste from production is burned instead of reused",
    ),
    ("We lack contacts in the German market", "We have no contacts on the German market"),
]
"""What somebody writes, and what stands there already: five in each language."""


def anything(key: str) -> bool:
    return True


def filled() -> Similar:
    known = Similar()
    for number, idea in enumerate(ideas()):
        known.put(f"i{number}", f"{idea.title} {idea.text}")
    for number, (_, text) in enumerate(PAIRS):
        known.put(f"p{number}", text)
    return known


def test_every_planted_paraphrase_is_found_first_and_nothing_else() -> None:
    known = filled()
    found = [[hit.key for hit in known.like(text, anything)] for text, _ in PAIRS]
    assert found == [[f"p{number}"] for number in range(len(PAIRS))]


def test_what_nobody_has_said_before_gets_no_hint() -> None:
    known = filled()
    alike = [number for number, (_, text) in enumerate(PAIRS) if known.like(text, anything, but=f"p{number}")]
    assert alike == []


def test_what_may_not_be_seen_is_not_found_and_pushes_nothing_out() -> None:
    known = filled()
    for number in range(15):
        known.put(f"hidden{number}", PAIRS[0][1])
    assert [hit.key for hit in known.like(PAIRS[0][0], lambda key: not key.startswith("hidden"))] == ["p0"]


def test_a_text_is_replaced_and_forgotten() -> None:
    known = Similar()
    known.put("a", PAIRS[0][1])
    known.put("a", PAIRS[1][1])
    assert known.like(PAIRS[0][0], anything) == []
    known.drop("a")
    assert (len(known), known.like(PAIRS[1][0], anything)) == (0, [])


def test_case_accents_and_soft_hyphens_make_no_difference() -> None:
    assert runs_of("Prioriterings\u00adlistan") == runs_of("PRIORITERINGSLISTAN")
    assert runs_of("café") == runs_of("Cafe")


def test_among_five_thousand_cards_a_hint_takes_less_than_a_third_of_a_second() -> None:
    chance = random.Random(1)
    words = " ".join(idea.text for idea in ideas()).split()
    known = Similar()
    for number in range(5000):
        known.put(f"c{number}", " ".join(chance.sample(words, 10)))
    began = time.process_time()
    for text, _ in PAIRS:
        known.like(text, anything)
    assert (time.process_time() - began) / len(PAIRS) < 0.3
