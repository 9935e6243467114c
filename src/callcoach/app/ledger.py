"""What was erased, as hashes under a key of this workplace: kept so that a folder or a backup does not bring it back.

The hashes are in the database, the key in the home folder and beside every backup. Without the key nobody can try out whose
hash one is; without the hashes nobody knows what to leave out.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from callcoach.app.workspace import Workspace
from callcoach.domain.calibration import Label
from callcoach.domain.call import Call
from callcoach.domain.erasure import Ledger, LedgerEntry, phones_in, plain_email
from callcoach.domain.people import Company
from callcoach.errors import SomethingMissing, StorageError
from callcoach.intake.calls import CallFolder
from callcoach.storage.bodies import utc
from callcoach.storage.erasures import Erasures

KEY_FILE, BACKUPS = "erasure.key", "backups.json"
SIDECAR = ".erasures"


class Kind(StrEnum):
    """What an entry is the hash of."""

    CALL = "call"
    CONTENT = "content"
    PERSON = "person"
    EMAIL = "email"
    PHONE = "phone"


def hashed(key: str, kind: Kind, text: str) -> str:
    """The keyed hash of one thing."""
    return hmac.new(bytes.fromhex(key), f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()


def key_of(workspace: Workspace) -> str:
    """The key, made on first use. Raises SomethingMissing where things were erased and the key is gone."""
    file = workspace.settings.home / KEY_FILE
    if file.is_file():
        return file.read_text(encoding="ascii").strip()
    if Erasures(workspace.store).all():
        raise SomethingMissing(
            f"{file}: it is gone, and without it nobody can tell what was erased and must not come back. Put it back: it is the "
            f'"key" in the file NAME{SIDECAR} beside each backup.'
        )
    key = secrets.token_hex(32)
    keep_key(workspace, key)
    return key


def keep_key(workspace: Workspace, key: str) -> None:
    """Keep the key, for its owner's eyes."""
    _write(workspace.settings.home / KEY_FILE, key + "\n")


def ledger(workspace: Workspace) -> Ledger:
    """The key and every entry."""
    return Ledger(key=key_of(workspace), entries=Erasures(workspace.store).all())


def entries(
    workspace: Workspace,
    at: datetime,
    *,
    call_ids: Iterable[str] = (),
    contents: Iterable[str] = (),
    person_ids: Iterable[str] = (),
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
) -> tuple[LedgerEntry, ...]:
    """The entries that say that these are erased."""
    key = key_of(workspace)
    said = {Kind.CALL: call_ids, Kind.CONTENT: contents, Kind.PERSON: person_ids, Kind.EMAIL: emails, Kind.PHONE: phones}
    return tuple(
        LedgerEntry(kind=kind.value, hash=hashed(key, kind, each), at=utc(at)) for kind, some in said.items() for each in some
    )


class Erased:
    """Tells of anything whether it was erased, and when."""

    def __init__(self, kept: Ledger) -> None:
        self._key = kept.key
        self._at = {(each.kind, each.hash): each.at for each in kept.entries}
        self._kinds = {kind for kind, _ in self._at}

    def __bool__(self) -> bool:
        return bool(self._at)

    def at(self, kind: Kind, text: str | None) -> str | None:
        """When this was erased, the second in UTC; None where it was not."""
        if text is None or kind.value not in self._kinds:
            return None
        return self._at.get((kind.value, hashed(self._key, kind, text)))

    def person(self, person_id: str | None, email: str | None = None) -> str | None:
        """When this person was erased, by id or e-mail."""
        return self.at(Kind.PERSON, person_id) or self.at(Kind.EMAIL, plain_email(email) if email else None)

    def call(self, call: Call) -> bool:
        """Whether a call was erased itself, or took place before somebody in it was."""
        if self.at(Kind.CALL, call.call_id) or self.at(Kind.CONTENT, call.content):
            return True
        facts = facts_of(call)
        moments = [self.person(call.rep_id), *(self.at(Kind.EMAIL, plain_email(each)) for each in facts)]
        if Kind.PHONE.value in self._kinds:
            moments += [self.at(Kind.PHONE, digits) for each in facts for _, _, digits in phones_in(each)]
        latest = max((moment for moment in moments if moment), default=None)
        return latest is not None and (call.day is None or call.day.isoformat() <= latest[:10])


def facts_of(call: Call) -> tuple[str, ...]:
    """What of a call's facts may name a customer: an e-mail or a phone number may stand in any of them."""
    return tuple(each for each in (call.customer_name, *call.extra.values()) if each)


def without_erased(workspace: Workspace, folders: Sequence[CallFolder]) -> tuple[list[CallFolder], int]:
    """The folders as if what was erased were not in them, and how many calls are left out. A later call of somebody is used."""
    if not Erasures(workspace.store).all():
        return list(folders), 0
    erased = Erased(ledger(workspace))
    kept = [
        each._replace(
            calls=tuple(call for call in each.calls if not erased.call(call)),
            problems=tuple(problem for problem in each.problems if not erased.at(Kind.CALL, problem.call_id)),
            company=_without(each.company, erased),
        )
        for each in folders
    ]
    return kept, sum(len(each.calls) for each in folders) - sum(len(each.calls) for each in kept)


def labels_kept(workspace: Workspace, labels: Iterable[Label]) -> tuple[Label, ...]:
    """Labels of a file without those of calls that were erased, and of people who labelled before they were."""
    if not Erasures(workspace.store).all():
        return tuple(labels)
    erased = Erased(ledger(workspace))
    return tuple(
        label
        for label in labels
        if not erased.at(Kind.CALL, label.call_id)
        and ((at := erased.person(label.person_id, label.person_id)) is None or utc(label.at) > at)
    )


def _without(company: Company, erased: Erased) -> Company:
    gone = {each.id for each in company.people if erased.person(each.id, each.email)}
    return replace(
        company,
        people=tuple(each for each in company.people if each.id not in gone),
        teams=tuple(replace(team, manager=None) if team.manager in gone else team for team in company.teams),
        coached=tuple(each for each in company.coached if each.by not in gone and each.rep_id not in gone),
    )


# beside backups


def sidecar(backup: Path) -> Path:
    """The ledger's file beside a backup."""
    return backup.with_name(backup.name + SIDECAR)


def write_sidecar(workspace: Workspace, backup: Path) -> None:
    """Put the ledger as it is now beside a backup."""
    _write(sidecar(backup), msgspec.json.format(msgspec.json.encode(ledger(workspace))).decode() + "\n")


def read_ledger(file: Path) -> Ledger:
    """The ledger in a file. Raises SomethingMissing where there is none, StorageError where it cannot be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Ledger)
    except FileNotFoundError:
        raise SomethingMissing(
            f"{file}: there is no such ledger. It lies beside its backup; give that of a later backup with --ledger FILE, or say "
            "--nothing-erased where nothing was erased since the backup."
        ) from None
    except (OSError, msgspec.DecodeError) as trouble:
        raise StorageError(f"{file}: this ledger cannot be read ({trouble}). Give another one with --ledger FILE.") from trouble


def note_backup(workspace: Workspace, backup: Path) -> None:
    """Remember where a backup lies, so that later erasures are told beside it."""
    known = {*(str(each) for each in backups(workspace)), str(backup.resolve())}
    _write(workspace.settings.home / BACKUPS, json.dumps(sorted(known), indent=1) + "\n")


def backups(workspace: Workspace) -> tuple[Path, ...]:
    """Where backups lie that were made here and are there still."""
    try:
        named = json.loads((workspace.settings.home / BACKUPS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(path for each in named if (path := Path(each)).is_file())


def tell_backups(workspace: Workspace) -> tuple[Path, ...]:
    """Put the ledger as it is now beside every backup; those beside which it cannot be written."""
    missed = []
    for backup in backups(workspace):
        try:
            write_sidecar(workspace, backup)
        except StorageError:
            missed.append(backup)
    return tuple(missed)


def _write(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            beside.unlink()
        number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
    except OSError as trouble:
        raise StorageError(f"{file}: it cannot be written ({trouble.strerror}). Check space and rights there.") from trouble
