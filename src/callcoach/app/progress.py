"""What a long use case tells whoever watches. Knows nothing of terminals."""

from typing import Protocol


class Progress(Protocol):
    """Hears how far a use case is."""

    def stage(self, name: str, total: float) -> None:
        """A stage begins; `total` is the work ahead, in whatever `advance` counts."""
        ...

    def advance(self, amount: float, sentence: str) -> None:
        """`amount` more is done; `sentence` says of what."""
        ...

    def warn(self, sentence: str) -> None:
        """Something went wrong with one item; the rest goes on."""
        ...


class Silent:
    """Nobody watches."""

    def stage(self, name: str, total: float) -> None:
        """Says nothing."""

    def advance(self, amount: float, sentence: str) -> None:
        """Says nothing."""

    def warn(self, sentence: str) -> None:
        """Says nothing."""
