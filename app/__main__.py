"""``python3 -m app``: gets what is missing, then hands over to the command line."""

from app import setup


def main() -> None:
    """Make sure of the packages before anything that needs them is imported."""
    setup.ensure()
    from app.cli import run

    run()


if __name__ == "__main__":
    main()
