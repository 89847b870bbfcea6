"""What people need to get into a session: addresses, as text, JSON and a picture for cameras."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Invitation:
    """The code, the address everybody joins at, and the staff's links, each of which works once."""

    code: str
    join: str
    console: str
    screen: str
    second_console: str = ""
    """For another machine, should the first one be lost."""

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    def show(self) -> None:
        """Print it for people, with the join link as a QR code."""
        import segno

        print(f"\n  Join     {self.join}   (code {self.code[:4]} {self.code[4:]})")
        segno.make(self.join, error="m").terminal(compact=True, border=2)
        print(f"  Console  {self.console}")
        if self.second_console:
            print(f"  Another  {self.second_console}")
        print(f"  Screen   {self.screen}")
        print("  All but the first work once: open each on the machine that will use it.")
        print(
            f"  More of them: python -m app link {self.code} ROLE, or “Links” on the console.\n", flush=True
        )


def invitation(
    base_url: str, code: str, console_token: str, screen_token: str, second_token: str = ""
) -> Invitation:
    """The addresses of a session on the server at ``base_url``."""
    base = base_url.rstrip("/")
    second = f"{base}/enter/{second_token}" if second_token else ""
    return Invitation(
        code, f"{base}/s/{code}", f"{base}/enter/{console_token}", f"{base}/enter/{screen_token}", second
    )
