"""What the groups and fields of a record are called where its format has no words for them (formats.md, section 4)."""

from __future__ import annotations

from collections.abc import Mapping

from sessions.messages import Text

GROUPS: Mapping[str, Text] = {
    "summary": {"en": "Summary", "sv": "Sammanfattning", "fi": "Tiivistelmä"},
    "need": {"en": "Need", "sv": "Behov", "fi": "Tarve"},
    "market": {"en": "Market perspective", "sv": "Marknadsperspektiv", "fi": "Markkinanäkökulma"},
    "technology": {
        "en": "Technology and prototype",
        "sv": "Lösning och prototyp",
        "fi": "Ratkaisu ja prototyyppi",
    },
    "rights": {"en": "Rights", "sv": "Rättigheter", "fi": "Oikeudet"},
    "resources": {
        "en": "Needs",
        "sv": "Resurs- och finansieringsbehov",
        "fi": "Resurssi- ja rahoitustarpeet",
    },
    "funding": {"en": "Funding", "sv": "Finansiering", "fi": "Rahoitus"},
    "plan": {"en": "Plan", "sv": "Plan", "fi": "Suunnitelma"},
}
FIELDS: Mapping[str, Text] = {
    "summary.summary": {"en": "Summary", "sv": "Sammanfattning", "fi": "Tiivistelmä"},
    "summary.keywords": {"en": "Keywords", "sv": "Nyckelord", "fi": "Avainsanat"},
    "need.need_owner": {"en": "Who has it", "sv": "Vem har det", "fi": "Kenellä se on"},
    "need.situation": {"en": "Situation", "sv": "Situation", "fi": "Tilanne"},
    "need.consequence": {"en": "Consequence", "sv": "Följd", "fi": "Seuraus"},
    "need.evidence": {"en": "Evidence", "sv": "Belägg", "fi": "Näyttö"},
    "market.segment": {"en": "Segment", "sv": "Segment", "fi": "Segmentti"},
    "market.geography": {"en": "Geography", "sv": "Geografi", "fi": "Maantiede"},
    "market.size": {"en": "Size", "sv": "Storlek", "fi": "Koko"},
    "market.alternatives": {"en": "Alternatives", "sv": "Alternativ", "fi": "Vaihtoehdot"},
    "market.benefit": {"en": "Benefit", "sv": "Nytta", "fi": "Hyöty"},
    "market.channel": {"en": "Channel", "sv": "Kanal", "fi": "Kanava"},
    "market.price_model": {"en": "Price model", "sv": "Prismodell", "fi": "Hinnoittelu"},
    "technology.solution": {"en": "Solution", "sv": "Lösning", "fi": "Ratkaisu"},
    "technology.prototype": {"en": "Prototype", "sv": "Prototyp", "fi": "Prototyyppi"},
    "technology.tested": {"en": "What was tested", "sv": "Vad som testades", "fi": "Mitä testattiin"},
    "technology.changed": {"en": "What was changed", "sv": "Vad som ändrades", "fi": "Mitä muutettiin"},
    "technology.trl_now": {
        "en": "Readiness (TRL) now",
        "sv": "Teknisk mognad (TRL) nu",
        "fi": "Valmiustaso (TRL) nyt",
    },
    "technology.trl_target": {
        "en": "Readiness (TRL) target",
        "sv": "Teknisk mognad (TRL), mål",
        "fi": "Valmiustaso (TRL), tavoite",
    },
    "rights.ip_policy": {"en": "Principle", "sv": "Princip", "fi": "Periaate"},
    "rights.background_ip": {
        "en": "Background rights",
        "sv": "Bakgrundsrättigheter",
        "fi": "Tausta-aineisto",
    },
    "rights.rights_to_file": {"en": "To file", "sv": "Att ansöka om", "fi": "Haettavat oikeudet"},
    "rights.owner_split": {"en": "Owners", "sv": "Ägare", "fi": "Omistajat"},
    "rights.owners": {"en": "Owners", "sv": "Ägare", "fi": "Omistajat"},
    "rights.no_disclosure_before": {
        "en": "Not to be disclosed before",
        "sv": "Får ej röjas före",
        "fi": "Ei saa julkistaa ennen",
    },
    "resources.resource_needs": {"en": "Resources", "sv": "Resurser", "fi": "Resurssit"},
    "resources.financing_needs": {"en": "Financing", "sv": "Finansiering", "fi": "Rahoitus"},
    "funding.purpose_and_goal": {
        "en": "Purpose and goal",
        "sv": "Syfte och mål",
        "fi": "Tarkoitus ja tavoite",
    },
    "funding.results_and_effects": {
        "en": "Results and effects",
        "sv": "Resultat och förväntade effekter",
        "fi": "Tulokset ja odotetut vaikutukset",
    },
    "funding.approach": {"en": "Approach", "sv": "Upplägg och genomförande", "fi": "Toteutustapa"},
}
IP_POLICIES: Mapping[str, Text] = {
    "team_owns": {"en": "The team owns", "sv": "Laget äger", "fi": "Tiimi omistaa"},
    "individuals_own": {"en": "Individuals own", "sv": "Var och en äger sitt", "fi": "Yksilöt omistavat"},
    "challenge_owner_option": {
        "en": "The challenge owner has an option",
        "sv": "Utmaningens ägare har förtur",
        "fi": "Haasteen omistajalla on etuoikeus",
    },
    "joint_agreement": {
        "en": "By joint agreement",
        "sv": "Enligt gemensamt avtal",
        "fi": "Yhteisen sopimuksen mukaan",
    },
    "open_licence": {"en": "Open licence", "sv": "Öppen licens", "fi": "Avoin lisenssi"},
}
CLAIMS: Mapping[str, Text] = {
    "yes": {"en": "Yes", "sv": "Ja", "fi": "Kyllä"},
    "no": {"en": "No", "sv": "Nej", "fi": "Ei"},
    "unsure": {"en": "I don't know", "sv": "Vet inte", "fi": "En tiedä"},
}
"""Whether somebody's employer may have rights to what they create."""
VISIBILITIES: Mapping[str, Text] = {
    "team": {"en": "Seen by the team", "sv": "Ses av laget", "fi": "Näkyy tiimille"},
    "session": {"en": "Seen by the session", "sv": "Ses av alla vid tillfället", "fi": "Näkyy tilaisuudelle"},
    "programme": {"en": "Seen by the programme", "sv": "Ses av programmet", "fi": "Näkyy ohjelmalle"},
    "public": {"en": "Public", "sv": "Offentlig", "fi": "Julkinen"},
}
CHOICES: Mapping[str, Text] = {
    "go": {"en": "Continue", "sv": "Fortsätt", "fi": "Jatka"},
    "pivot": {"en": "Change course", "sv": "Ändra kurs", "fi": "Muuta suuntaa"},
    "merge": {"en": "Merge", "sv": "Slå ihop", "fi": "Yhdistä"},
    "park": {"en": "Park", "sv": "Lägg vilande", "fi": "Tauolle"},
    "withdraw": {"en": "Withdraw", "sv": "Dra tillbaka", "fi": "Peru"},
    "late_accepted": {
        "en": "Late work accepted",
        "sv": "Sent arbete godtaget",
        "fi": "Myöhästynyt työ hyväksytty",
    },
    "lack_waived": {"en": "Goes on as it is", "sv": "Går vidare som det är", "fi": "Jatkaa sellaisenaan"},
    "tie_broken": {
        "en": "First among equals",
        "sv": "Först bland lika",
        "fi": "Ensimmäinen tasaveroisista",
    },
    "approved": {"en": "Approved for the archive", "sv": "Godkänd för arkivet", "fi": "Hyväksytty arkistoon"},
    "owner_changed": {
        "en": "Handed to somebody else",
        "sv": "Lämnad till någon annan",
        "fi": "Siirretty toiselle",
    },
}
"""What teams, staff and the chair have decided."""
COLUMNS: Mapping[str, Text] = {
    "keep": {"en": "Keep", "sv": "Behåll", "fi": "Säilytä"},
    "change": {"en": "Change", "sv": "Ändra", "fi": "Muuta"},
    "ask": {"en": "Ask", "sv": "Fråga", "fi": "Kysy"},
    "offer": {"en": "Offer", "sv": "Erbjud", "fi": "Tarjoa"},
}
"""Sorts of feedback, where the phase has no words for them."""
PARTS: Mapping[str, Text] = {
    "need": {"en": "need", "sv": "behov", "fi": "tarve"},
    "idea": {"en": "idea", "sv": "idé", "fi": "idea"},
    "team": {"en": "team", "sv": "lag", "fi": "tiimi"},
    "text": {"en": "text", "sv": "text", "fi": "teksti"},
    "question": {"en": "question", "sv": "fråga", "fi": "kysymys"},
    "verdict": {"en": "answer", "sv": "utlåtande", "fi": "lausunto"},
    "feedback": {"en": "feedback", "sv": "återkoppling", "fi": "palaute"},
    "contact": {"en": "market test", "sv": "marknadstest", "fi": "markkinatesti"},
    "help": {"en": "offer of help", "sv": "erbjudande om hjälp", "fi": "avun tarjous"},
    "merged": {"en": "merged in", "sv": "inslagen", "fi": "yhdistetty"},
}
"""Which part somebody has had in a record."""
