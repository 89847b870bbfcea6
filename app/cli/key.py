"""``key``: the keys that this installation signs its exports with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.choices import Data, settings_from
from app.cli.plain import say
from app.cli.trouble import Trouble, told_plainly

if TYPE_CHECKING:
    from app.archive.public_keys import PublicKey
    from app.archive.signing_keys import SigningKeys
    from app.settings import Settings

key = typer.Typer(help="The keys that this installation signs its exports with.", no_args_is_help=False)
Fingerprint = Annotated[str, typer.Argument(metavar="FINGERPRINT", help="As `key show` prints it.")]


@key.callback(invoke_without_command=True)
def without_command(context: typer.Context) -> None:
    """Without a command: show."""
    if context.invoked_subcommand is None:
        show()


@key.command()
def show(data: Data = None) -> None:
    """Print the fingerprints of all keys, the newest last; the first is made if there is none."""
    settings = settings_from(data=data)
    with told_plainly("Reading the keys"):
        keys = _keys(settings)
        if not keys.register:
            keys.renew()
        for each in keys.register:
            say(_line(each))
    say(f"They lie in {settings.key_folder}: keep a copy of that folder, apart from copies of the data.")


@key.command()
def new(data: Data = None) -> None:
    """Make another key, signed by the one before it, which signs nothing from here on."""
    with told_plainly("Making a key"):
        say(_line(_keys(settings_from(data=data)).renew()))


@key.command()
def retire(fingerprint: Fingerprint, data: Data = None) -> None:
    """Let a key sign nothing any more; what it has signed holds."""
    from app.archive.public_keys import RETIRED

    _give_up(settings_from(data=data), fingerprint, RETIRED, "")


@key.command()
def revoke(
    fingerprint: Fingerprint,
    reason: Annotated[str, typer.Option(help="Why: others may have it, for example.")],
    data: Data = None,
) -> None:
    """Give a key up as no longer safe: nothing that it has signed is proved by it any more."""
    from app.archive.public_keys import REVOKED

    _give_up(settings_from(data=data), fingerprint, REVOKED, reason)


def _give_up(settings: Settings, fingerprint: str, state: str, reason: str) -> None:
    try:
        with told_plainly("Giving up the key"):
            say(_line(_keys(settings).give_up(fingerprint, state, reason)))
    except LookupError as error:
        raise Trouble(f"{error.args[0]}. `key show` prints those that there are.", 2) from error


def _keys(settings: Settings) -> SigningKeys:
    from app.archive.signing_keys import SigningKeys
    from app.database.key_folder import KeyFolder

    return SigningKeys(KeyFolder(settings.key_folder))


def _line(each: PublicKey) -> str:
    why = f", {each.reason}" if each.reason else ""
    return f"{each.fingerprint}  {each.state}{why}, made {each.made}"
