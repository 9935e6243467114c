"""Show how far a use case is: a bar with the time left on a terminal, plain lines otherwise. Knows nothing of the work."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class TerminalProgress:
    """One bar per stage, the call at hand beside it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description:<10}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[latest]}"),
            console=console,
            transient=True,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> "TerminalProgress":
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bars.stop()

    def stage(self, name: str, total: float) -> None:
        """Open a new bar."""
        self._task = self._bars.add_task(name, total=total, latest="")

    def advance(self, amount: float, sentence: str) -> None:
        """Move the open bar."""
        if self._task is not None:
            self._bars.update(self._task, advance=amount, latest=sentence)

    def warn(self, sentence: str) -> None:
        """Print above the bar."""
        self._console.print(f"! {sentence}", style="yellow", markup=False, highlight=False)


class PlainProgress:
    """One line per item, for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stage = ""
        self._total = 0.0
        self._done = 0.0

    def __enter__(self) -> "PlainProgress":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None

    def stage(self, name: str, total: float) -> None:
        """Name the stage."""
        self._stage, self._total, self._done = name, total, 0.0

    def advance(self, amount: float, sentence: str) -> None:
        """One line with the share done."""
        self._done += amount
        share = self._done / self._total if self._total else 1.0
        self._print(f"{self._stage} {share:4.0%} {sentence}")

    def warn(self, sentence: str) -> None:
        """One line that stands out by its mark."""
        self._print(f"! {sentence}")

    def _print(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def progress_on(console: Console) -> TerminalProgress | PlainProgress:
    """The progress that suits the console."""
    return TerminalProgress(console) if console.is_terminal else PlainProgress(console)
