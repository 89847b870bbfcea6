"""What stands on an exported sheet beside what people wrote."""

from __future__ import annotations

from collections.abc import Mapping

from sessions.messages import Text

WORDS: Mapping[str, Text] = {
    "status": {"en": "Status", "sv": "Status", "fi": "Tila"},
    "decision": {"en": "Next", "sv": "Härnäst", "fi": "Seuraavaksi"},
    "owner": {"en": "Owner", "sv": "Ansvarig", "fi": "Vastuuhenkilö"},
    "nobody": {
        "en": "nobody has accepted yet",
        "sv": "ingen har tagit ansvar än",
        "fi": "kukaan ei ole vielä ottanut vastuuta",
    },
    "step": {"en": "First step", "sv": "Första steget", "fi": "Ensimmäinen askel"},
    "followups": {"en": "Follow-up", "sv": "Uppföljning", "fi": "Seuranta"},
    "claims": {"en": "Employers' claims", "sv": "Arbetsgivares anspråk", "fi": "Työnantajien vaatimukset"},
    "empty": {"en": "Nothing written yet", "sv": "Inget skrivet än", "fi": "Ei vielä kirjoitettu"},
    "closed": {"en": "Not shown here", "sv": "Visas inte här", "fi": "Ei näytetä täällä"},
    "withdrawn": {"en": "Withdrawn", "sv": "Återkallad", "fi": "Peruttu"},
    "not_before": {
        "en": "Not to be disclosed before {day}",
        "sv": "Får ej röjas före {day}",
        "fi": "Ei saa julkistaa ennen {day}",
    },
    "verdicts": {
        "en": "Verdicts and decisions",
        "sv": "Utlåtanden och beslut",
        "fi": "Lausunnot ja päätökset",
    },
    "place": {"en": "place {place}", "sv": "plats {place}", "fi": "sija {place}"},
    "jury": {"en": "The jury's award", "sv": "Juryns pris", "fi": "Tuomariston palkinto"},
    "audience": {"en": "The audience's award", "sv": "Publikens pris", "fi": "Yleisön palkinto"},
    "questions": {
        "en": "Questions to experts",
        "sv": "Frågor till sakkunniga",
        "fi": "Kysymykset asiantuntijoille",
    },
    "go": {"en": "Go", "sv": "Kör", "fi": "Jatkakaa"},
    "change": {"en": "Change", "sv": "Ändra", "fi": "Muuta"},
    "stop": {"en": "Stop", "sv": "Stoppa", "fi": "Pysäytä"},
    "answer": {"en": "Answer", "sv": "Svar", "fi": "Vastaus"},
    "contacts": {"en": "Market test", "sv": "Marknadstest", "fi": "Markkinatesti"},
    "feedback": {"en": "Feedback", "sv": "Återkoppling", "fi": "Palaute"},
    "help": {"en": "Offers of help", "sv": "Erbjudanden om hjälp", "fi": "Avun tarjoukset"},
    "origin": {"en": "Where it came from", "sv": "Ursprung", "fi": "Alkuperä"},
    "origin_needs": {"en": "Need cards", "sv": "Behovskort", "fi": "Tarvekortit"},
    "origin_ideas": {"en": "Idea cards", "sv": "Idékort", "fi": "Ideakortit"},
    "absorbed": {"en": "Merged in", "sv": "Inslaget", "fi": "Yhdistetty tähän"},
    "teams": {"en": "Teams", "sv": "Lag", "fi": "Tiimit"},
    "people": {"en": "Contributors", "sv": "Medverkande", "fi": "Osallistujat"},
}
