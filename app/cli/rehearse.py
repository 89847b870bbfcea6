"""``rehearse``."""


def rehearse() -> None:
    """rehearse."""
