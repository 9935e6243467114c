"""A figure as the model card writes it. Knows nothing of what it measures; one that is missing is never a number."""


def span(interval: tuple[float, float] | None) -> str:
    """`0.31 to 0.58`."""
    return "none" if interval is None else f"{interval[0]:.2f} to {interval[1]:.2f}"


def two(number: float | None) -> str:
    """Two places."""
    return "none" if number is None else f"{number:.2f}"
