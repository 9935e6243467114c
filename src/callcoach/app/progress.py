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


class Watched:
    """Passes everything on, and remembers how far it is: name of the stage, share of it that is done (None: before the first).

    steps: how often something was done, in all stages.
    """

    def __init__(self, to: Progress) -> None:
        self._to = to
        self._total = self._done = 0.0
        self.name = self.latest = ""
        self.share: float | None = None
        self.steps = 0

    def stage(self, name: str, total: float) -> None:
        """A stage begins."""
        self._total, self._done = total, 0.0
        self.name, self.latest, self.share = name, "", 0.0
        self._to.stage(name, total)

    def advance(self, amount: float, sentence: str) -> None:
        """More is done."""
        self._done += amount
        self.steps += 1
        self.latest, self.share = sentence, min(1.0, self._done / self._total) if self._total else 1.0
        self._to.advance(amount, sentence)

    def warn(self, sentence: str) -> None:
        """Something went wrong with one item."""
        self._to.warn(sentence)
