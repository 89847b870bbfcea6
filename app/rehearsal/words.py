"""What simulated people write, in their own language. Figures make most sentences the only ones of their kind."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

WHO: Mapping[str, Sequence[str]] = {
    "en": (
        "Home-care nurses",
        "Reindeer herders",
        "Small sawmills",
        "Bus passengers in the villages",
        "Farm shops",
    ),
    "sv": ("Hemtjänstens sköterskor", "Renskötare", "Små sågverk", "Bussresenärer i byarna", "Gårdsbutiker"),
    "fi": (
        "Kotihoidon hoitajat",
        "Poronhoitajat",
        "Pienet sahat",
        "Kylien bussimatkustajat",
        "Maatilojen myymälät",
    ),
}
SITUATION: Mapping[str, Sequence[str]] = {
    "en": (
        "They drive {n} km for something that a call could settle.",
        "Spare parts take {n} days to arrive, and the machine stands still.",
        "Nobody knows which of {n} lists is the newest one.",
        "{n} minutes of every shift go to typing the same figures twice.",
        "After snowfall the road is cleared {n} minutes too late for the school run.",
    ),
    "sv": (
        "De kör {n} km för något som ett samtal kunde lösa.",
        "Reservdelar tar {n} dagar och maskinen står stilla.",
        "Ingen vet vilken av {n} listor som är den senaste.",
        "{n} minuter av varje pass går åt till att skriva in samma siffror två gånger.",
        "Efter snöfall plogas vägen {n} minuter för sent för skolskjutsen.",
    ),
    "fi": (
        "He ajavat {n} km asian vuoksi, jonka puhelu hoitaisi.",
        "Varaosien saaminen kestää {n} päivää, ja kone seisoo.",
        "Kukaan ei tiedä, mikä {n} listasta on uusin.",
        "Joka vuorosta kuluu {n} minuuttia samojen lukujen kirjaamiseen kahdesti.",
        "Lumisateen jälkeen tie aurataan {n} minuuttia liian myöhään koulukyytiä varten.",
    ),
}
IDEA: Mapping[str, Sequence[str]] = {
    "en": (
        "A shared map that warns {n} minutes ahead",
        "A box at the shop where {n} parts can be lent",
        "A phone line that answers in {n} seconds and writes the note itself",
        "A sensor for {n} euros that says when somebody has to come",
        "A pool of {n} vehicles booked by a text message",
    ),
    "sv": (
        "En delad karta som varnar {n} minuter i förväg",
        "Ett skåp i butiken där {n} delar kan lånas",
        "En telefonlinje som svarar på {n} sekunder och skriver anteckningen själv",
        "En givare för {n} euro som säger till när någon måste komma",
        "En pool med {n} fordon som bokas med ett sms",
    ),
    "fi": (
        "Yhteinen kartta, joka varoittaa {n} minuuttia etukäteen",
        "Kaapin hylly, josta {n} osaa voi lainata",
        "Puhelinlinja, joka vastaa {n} sekunnissa ja kirjoittaa muistion itse",
        "{n} euron anturi, joka kertoo, milloin jonkun pitää tulla",
        "{n} ajoneuvon yhteiskäyttö, joka varataan tekstiviestillä",
    ),
}
REMARK: Mapping[str, Sequence[str]] = {
    "en": (
        "We asked {n} customers, and they agree.",
        "It costs {n} euros a month today.",
        "Try it with {n} people first.",
    ),
    "sv": (
        "Vi frågade {n} kunder, och de håller med.",
        "Det kostar {n} euro i månaden i dag.",
        "Prova med {n} personer först.",
    ),
    "fi": (
        "Kysyimme {n} asiakkaalta, ja he ovat samaa mieltä.",
        "Se maksaa nyt {n} euroa kuukaudessa.",
        "Kokeilkaa ensin {n} hengen kanssa.",
    ),
}
FIRST_NAMES = """
    Aino Björn Cecilia Daniel Elsa Filip Gun Heikki Ida Juhani Kaisa Lars Maarit Nils Outi Pekka Ritva Sven Tuula Ulf
    Veera Anders Birgitta Eero Fanny Göran Hanna Ilkka Jenny Kalle
"""
LAST_NAMES = "Aho Berg Ceder Dahl Enqvist Forsman Granö Hietala Isaksson Järvi Kangas Lund Mäki Nord Oja Palo"
ORGANISATIONS = (
    "Norrskog AB",
    "Kuntayhtymä Tunturi",
    "Österby Byalag",
    "Lapin Laite Oy",
    "Havets Rökeri",
    "Pohjolan Opisto",
    "Region Norr",
    "Saha ja Pojat Ky",
    "Fjällbuss",
    "Kotihoiva Oy",
    "Bottenvikens Hamn",
    "Revontuli Osuuskunta",
    "Skellefors Teknik",
    "Yrittäjät ry",
)


class Words:
    """One person's way of writing: a language and a chance of its own."""

    def __init__(self, language: str, chance: random.Random) -> None:
        self.language, self.chance = language, chance

    def who(self) -> str:
        return self.chance.choice(WHO[self.language])

    def situation(self) -> str:
        return self._one(SITUATION)

    def idea(self) -> str:
        return self._one(IDEA)

    def remark(self) -> str:
        return self._one(REMARK)

    def _one(self, sentences: Mapping[str, Sequence[str]]) -> str:
        return self.chance.choice(sentences[self.language]).format(n=self.chance.randint(2, 900))

    def fitting(self, limit: int) -> str:
        """Some sentences that fit into ``limit`` characters."""
        text = self.remark()
        while len(text) < min(limit, 240) - 80:
            text += " " + self.remark()
        return text[:limit]
