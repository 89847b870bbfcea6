"""The whole URL map."""

from __future__ import annotations

from starlette.routing import Mount, Route, WebSocketRoute

from app.archive.own.pages import my_data
from app.archive.pages import record, records, tell_record
from app.archive.proof.pages import keys, race_keys
from app.archive.words.pages import words
from app.door.deleting import deletion
from app.door.joining import join
from app.door.links import links, stop_link
from app.door.pages import front, leave, staff_link, type_code
from app.door.waiting import at_the_door
from app.live.alike.pages import alike, look_alike
from app.live.pages import ask_back, do, page, since
from app.live.socket import live
from app.web.assets import Assets
from app.web.monitoring import healthz, metrics


def routes(assets: Assets) -> list[Route | Mount | WebSocketRoute]:
    """Every address there is, in the order in which they are tried."""
    return [
        Route("/", front),
        Route("/join", type_code, methods=["POST"]),
        Route("/enter/{token}", staff_link, methods=["GET", "POST"]),
        Route("/healthz", healthz),
        Route("/metrics", metrics),
        Route("/keys", keys),
        Route("/.well-known/race-keys.json", race_keys),
        Mount("/static", assets),
        Route("/s/{code}", page),
        Route("/s/{code}/join", join, methods=["POST"]),
        Route("/s/{code}/door", at_the_door, methods=["POST"]),
        Route("/s/{code}/links", links, methods=["GET", "POST"]),
        Route("/s/{code}/links/{link}/stop", stop_link, methods=["POST"]),
        Route("/s/{code}/delete", deletion, methods=["GET", "POST"]),
        Route("/s/{code}/back", ask_back, methods=["POST"]),
        Route("/s/{code}/leave", leave, methods=["POST"]),
        Route("/s/{code}/do", do, methods=["POST"]),
        Route("/s/{code}/since", since),
        Route("/s/{code}/alike", alike, methods=["POST"]),
        Route("/s/{code}/alike", look_alike),
        Route("/s/{code}/words", words),
        Route("/s/{code}/my-data", my_data),
        Route("/s/{code}/records", records),
        Route("/s/{code}/records/{entry}", record),
        Route("/s/{code}/records/{entry}/do", tell_record, methods=["POST"]),
        WebSocketRoute("/s/{code}/live", live),
        Route("/s/{code}/{view}", page),
    ]
