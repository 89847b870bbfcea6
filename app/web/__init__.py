"""The edge that every request passes: origin, limits, cookies, answers."""
