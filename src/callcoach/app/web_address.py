"""Read a web address that a setting names, and refuse one that would send in the clear. Knows nothing of what is asked there."""

from urllib.parse import SplitResult, urlsplit

from callcoach.errors import UsageError

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def web_address(text: str, setting: str, *, like: str) -> SplitResult:
    """The parts of a setting's address, its host among them; like: a right one. Raises UsageError for anything else."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError(f"{setting} is no web address. Write it like {like}.")
    return parts


def refuse_in_the_clear(parts: SplitResult, setting: str, *, allowed: bool, allow_by: str) -> None:
    """Raises UsageError for http to another machine, unless the setting `allow_by` allows it."""
    if parts.scheme == "http" and parts.hostname not in THIS_MACHINE and not allowed:
        raise UsageError(
            f"{setting} ({parts.hostname}) is not encrypted. Use https, or set {allow_by}=true where the network between is your "
            "own."
        )
