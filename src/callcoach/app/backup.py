"""Keep the whole database in one file while work goes on, and bring it back into an empty place without what was erased since."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from callcoach.app import ledger
from callcoach.app.audit import note
from callcoach.app.erasure import erase
from callcoach.app.ledger import Erased, Kind
from callcoach.app.workspace import Workspace
from callcoach.domain.erasure import Ledger, Wanted, phones_in, plain_email
from callcoach.errors import StorageError, UsageError
from callcoach.storage.copying import Counts, copy, counted
from callcoach.storage.erasing import Erasing
from callcoach.storage.erasures import Erasures
from callcoach.storage.health import examine
from callcoach.storage.snapshot import check, take, unpack
from callcoach.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """A backup that was made and checked: its file, its size in bytes, and how many rows it holds."""

    file: Path
    size: int
    rows: int
    ledger: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was brought back: rows; and what was erased after the backup was made, and is not back: calls and people."""

    rows: int
    erased_calls: int
    erased_people: int


def back_up(workspace: Workspace, file: Path, *, now: datetime) -> BackedUp:
    """Write the database into a new file, and the ledger of erasures beside it. Raises UsageError where the file is there."""
    if file.exists():
        raise UsageError(f"{file}: it is there already, and no backup is written over. Name another file, best with the date.")
    if not file.parent.is_dir():
        raise UsageError(f"{file.parent}: there is no such folder. Make it, or name another place.")
    ledger.key_of(workspace)  # where it is gone, no backup is made that could not be restored
    rows = take(workspace.store, file)
    ledger.write_sidecar(workspace, file)
    ledger.note_backup(workspace, file)
    note(workspace, None, "backup", file.name, now)
    return BackedUp(file=file, size=file.stat().st_size, rows=rows, ledger=ledger.sidecar(file))


def restore(
    workspace: Workspace, file: Path, *, now: datetime, ledgers: Sequence[Path] = (), nothing_erased: bool = False
) -> Restored:
    """Bring a backup back into an empty home, or an empty database of a server. What was erased since is not in it.

    ledgers: besides the one beside the backup. Raises UsageError where anything is there, SomethingMissing without a ledger,
    StorageError where the backup is damaged or of a newer callcoach.
    """
    if not file.is_file():
        raise UsageError(f"{file}: there is no such backup. Give the file that `callcoach backup` wrote.")
    check(file)  # before anything is made
    known = _ledgers(file, ledgers, nothing_erased=nothing_erased)
    home = workspace.settings.home
    found = examine(workspace.settings.database)
    if (found.there and found.version is not None) or (home.is_dir() and any(home.iterdir())):
        where = found.name if found.there and found.version is not None else str(home)
        raise UsageError(f"{where}: it holds something already, and nothing is written over. Name an empty home with --home.")
    own = Path(found.name) if not found.there else None
    if own is not None:
        beside = own.with_name(f".{own.name}.restoring")
        with suppress(FileNotFoundError):
            beside.unlink()
        unpack(file, beside)
        beside.replace(own)
    else:
        with TemporaryDirectory(prefix="callcoach-restore-") as folder:
            unpack(file, Path(folder) / "backup.db")
            with Store(Path(folder) / "backup.db") as source:
                copy(source, workspace.store)
    done = _erased_again(workspace, known, now)
    rows = _rows(counted(workspace.store))
    note(workspace, None, "restore", file.name, now, calls_erased_again=done[0], people_erased_again=done[1])
    return Restored(rows=rows, erased_calls=done[0], erased_people=done[1])


def copy_database(source: str, target: str) -> Counts:
    """Copy everything from one database to another, empty one; the rows of each table. Raises StorageError and UsageError."""
    there = examine(source)
    if not there.there or there.version is None:
        raise UsageError(f"{there.name}: there is no callcoach database to copy from. Give the one that is in use.")
    with Store(source) as read, Store(target) as write:
        return copy(read, write)


def _ledgers(file: Path, others: Sequence[Path], *, nothing_erased: bool) -> tuple[Ledger, ...]:
    if nothing_erased:
        return ()
    beside = ledger.sidecar(file)
    named = [*others, *([beside] if beside.is_file() or not others else [])]
    return tuple(ledger.read_ledger(each) for each in named)


def _erased_again(workspace: Workspace, known: Sequence[Ledger], now: datetime) -> tuple[int, int]:
    """Erase what a ledger names and the backup still held; how many calls and people."""
    if not known:
        return 0, 0
    if len({each.key for each in known}) > 1:
        raise StorageError("The ledgers are of different workplaces: their keys differ. Give those of this backup's alone.")
    ledger.keep_key(workspace, known[0].key)
    held = {(each.kind, each.hash) for each in Erasures(workspace.store).all()}
    later = {(each.kind, each.hash): each for one in known for each in one.entries if (each.kind, each.hash) not in held}
    Erasures(workspace.store).note(each for one in known for each in one.entries)
    wanted = _wanted(Erasing(workspace.store), Erased(Ledger(key=known[0].key, entries=tuple(later.values()))))
    if not wanted:
        return 0, 0
    done = erase(workspace, wanted, now=now, over_the_limit=True)
    return done.calls, done.people


def _wanted(erasing: Erasing, erased: Erased) -> Wanted:
    """What the database holds that a ledger names: hashes cannot be read back, so all that is there is tried."""
    if not erased:
        return Wanted()
    people = erasing.people()
    emails = {each.email for each in people if each.email} | {email for _, email, _ in erasing.accounts()}
    call_ids, phones = set(), set()
    for kept in erasing.known_calls():
        call_ids |= {kept.call_id} if erased.call(kept) else set()
        for fact in ledger.facts_of(kept):
            emails.add(fact)
            phones |= {digits for _, _, digits in phones_in(fact)}
    for call_id, text in erasing.words():
        for _, _, digits in phones_in(text):
            if erased.at(Kind.PHONE, digits):
                call_ids.add(call_id)
    return Wanted(
        rep_ids=frozenset(each.person_id for each in people if erased.person(each.person_id)),
        emails=frozenset(email for each in emails if erased.at(Kind.EMAIL, email := plain_email(each))),
        phones=frozenset(digits for digits in phones if erased.at(Kind.PHONE, digits)),
        call_ids=frozenset(call_ids),
    )


def _rows(found: Counts) -> int:
    return sum(count.rows for count in found.values())
