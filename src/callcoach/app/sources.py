"""Before a run: bring what is new in buckets and SFTP drops into folders here. Only ever reads there; judges nothing.

A file is fetched once it was the same at two looks some seconds apart, comes under another name, and gets its own when all of it
is on the disk. What changed is fetched again, what is gone there stays here, what fails three times is named, the rest goes on.
"""

import errno
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from callcoach.app.progress import Progress
from callcoach.app.staging import Listing, Staged, reading_of, state
from callcoach.app.web_address import refuse_in_the_clear, web_address
from callcoach.app.workspace import Workspace
from callcoach.batch.whole_file import flush_names
from callcoach.coaching.notation import count
from callcoach.domain.coaching import CallProblem
from callcoach.errors import BadInput, SourceUnreachable, StorageError, UsageError
from callcoach.events import SourceNotReached, say
from callcoach.intake.arriving import Look, in_order, is_call, is_sidecar, looked_at, wait_for
from callcoach.intake.call_files import call_of
from callcoach.intake.calls import read_call_folder
from callcoach.intake.file_names import FileNames
from callcoach.intake.remote import Reach, Remote, Version, check_installed
from callcoach.intake.source_address import S3, Source, is_address, read_address
from callcoach.marks import Scheme
from callcoach.settings import Settings

TRIES = 3
KEPT_EVERY = 50
"""Files after which the listing is written: what a kill takes along is fetched again, and a large listing is long to write."""
LEFT_BEHIND_SECONDS = 6 * 3600.0
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


class Brought(NamedTuple):
    """Folders of this machine to read, in the order they were asked for; problems: what could not be fetched."""

    folders: tuple[Path, ...]
    problems: tuple[CallProblem, ...] = ()


def check_places(settings: Settings, places: Sequence[str | Path]) -> tuple[Path | Source, ...]:
    """Folders and sources as they were asked for. Raises UsageError or SomethingMissing for what can be told without reaching."""
    FileNames(settings.file_name_pattern)
    found = [read_address(str(each)) if is_address(str(each)) else Path(each) for each in places]
    for each in found:
        if isinstance(each, Source):
            check_installed(each)
            if each.scheme == S3:
                _endpoint(settings)
    return tuple(dict.fromkeys(found))


def bring_in(
    workspace: Workspace, places: Sequence[str | Path], progress: Progress, *, sleep: Callable[[float], None] = time.sleep
) -> Brought:
    """Fetch what is new; folders of this machine are taken as they are.

    A source that does not answer is a problem, and what was fetched from it before is read. Raises SourceUnreachable or BadInput
    where nothing is left to read, StorageError where the home folder cannot be written, and as check_places does.
    """
    folders: list[Path] = []
    problems: list[CallProblem] = []
    unreached: SourceUnreachable | None = None
    empty = ""
    for place in check_places(workspace.settings, places):
        if isinstance(place, Path):
            folders.append(place)
            continue
        staged, answered = Staged.of(workspace, place), True
        try:
            with Remote(place, _reach(workspace.settings)) as remote:
                problems += _mirror(remote, staged, workspace, progress, sleep)
        except SourceUnreachable as trouble:
            say(SourceNotReached(scheme=Scheme(place.scheme)))
            unreached, answered = unreached or trouble, False
            problems.append(CallProblem(call_id=place.address, sentence=str(trouble)))
        if staged.holds_calls:
            folders.append(staged.files)
        elif answered:
            empty = f"{place.address}: there is no call in it. Put recordings or transcripts there, or check the path."
            progress.warn(empty)
    if not folders and unreached is not None:
        raise unreached
    if not folders and problems:
        raise BadInput(f"Nothing could be fetched. {problems[0].sentence}")
    if not folders and empty:
        raise BadInput(empty)
    return Brought(tuple(folders), tuple(problems))


def _mirror(
    remote: Remote, staged: Staged, workspace: Workspace, progress: Progress, sleep: Callable[[float], None]
) -> list[CallProblem]:
    address, settings = remote.source.address, workspace.settings
    listing = replace(staged.listing(), address=address)
    if listing != staged.listing():
        staged.keep(listing)  # from now on it is known of which place this is the copy
    _clear_away(staged)
    look = _look(remote)
    listing = _without_strangers(workspace, staged, listing, look)
    problems = [
        _problem(address, name, "no file here may be called so. Rename it to letters, digits, dots and dashes.")
        for name in look.refused
    ]
    problems += [
        _problem(address, name, "we may not read this folder. Ask whoever runs the place for the right to; the rest is read.")
        for name in look.closed
    ]

    def is_new(path: str, version: Version) -> bool:
        return listing.fetched.get(path) != version and not staged.is_forgotten(listing, state(path, version))

    new = {path: version for path, version in look.files.items() if is_new(path, version)}
    # what described a call that was taken out, for one of the same name: without it that would be nobody's
    fresh = {call_of(path) for path in new if is_call(path)}
    beside = (path for path in look.files if is_sidecar(path) and call_of(path) in fresh)
    new |= {path: look.files[path] for path in beside if not (staged.files / path).is_file()}
    if not new:
        return problems
    sleep(settings.source_settle)
    later = _look(remote).files
    missing = {path for path, version in new.items() if later.get(path) != version}
    whole = in_order(path for path in new if path not in missing)
    if missing:
        progress.warn(f"{address}: {count(len(missing), 'file')} still coming; the next run takes what is whole then.")
    progress.stage("Fetching", sum(new[path].size for path in whole))
    fetched, unkept = dict(listing.fetched), 0
    try:
        for path in whole:
            awaited = wait_for(path, missing)
            if awaited is not None:
                progress.warn(f"{address}: {path} waits for {awaited}.")
                missing.add(path)
            else:
                trouble = _fetched(remote, staged, path, new[path], settings, sleep)
                if trouble is None:
                    fetched[path] = new[path]
                    unkept += 1
                else:
                    missing.add(path)
                    if trouble:
                        problems.append(_problem(address, path, trouble))
            progress.advance(new[path].size, path)
            if unkept >= KEPT_EVERY:
                staged.keep(replace(listing, fetched=fetched))
                unkept = 0
    finally:
        if unkept:
            staged.keep(replace(listing, fetched=fetched))
    return problems


def _without_strangers(workspace: Workspace, staged: Staged, listing: Listing, look: Look) -> Listing:
    """Without copies of files that are gone there and are no calls, as they were renamed since or put there by mistake.

    A call stays, also one that no run has come to yet.
    """
    gone = [path for path in listing.fetched if is_call(path) and path not in look.files and (staged.files / path).is_file()]
    calls = workspace.store.calls() if gone else ()
    known = {path for call in calls for path in (call.audio_path, call.transcript_path)}
    unknown = [path for path in gone if path not in known]
    if not unknown:
        return listing
    try:
        found = read_call_folder(staged.files, reading_of(workspace)(staged.files))
    except BadInput:
        return listing
    no_calls = {problem.call_id for problem in found.problems}
    strangers = {path for path in unknown if Path(path).name in no_calls}
    for path in strangers:
        (staged.files / path).unlink(missing_ok=True)
    fewer = replace(listing, fetched={path: each for path, each in listing.fetched.items() if path not in strangers})
    if strangers:
        staged.keep(fewer)
    return fewer


def _look(remote: Remote) -> Look:
    return looked_at(remote.entries())


def _fetched(
    remote: Remote, staged: Staged, path: str, version: Version, settings: Settings, sleep: Callable[[float], None]
) -> str | None:
    """None where all of it is there now; else why not, empty where it is only being written."""
    if version.size > settings.max_recording_bytes:
        limit = f"{settings.max_recording_bytes:,} bytes (CALLCOACH_MAX_RECORDING_BYTES)"
        return f"it has {version.size:,} bytes, more than {limit}. Shorten it."
    if version.size == 0:
        return "it is empty. Save it again where it comes from."
    why = ""
    for attempt in range(TRIES):
        if attempt:
            sleep(attempt)
        try:
            with _coming(staged, path) as beside:
                remote.copy(path, beside)
                if beside.stat().st_size != version.size:
                    why = f"{beside.stat().st_size:,} of {version.size:,} bytes came"
                    continue
                if remote.version(path) != version:
                    return ""
                return _settle(beside, staged, path)
        except FileNotFoundError:
            return ""  # it was taken away meanwhile
        except (SourceUnreachable, StorageError):
            raise
        except PermissionError as error:  # where nobody is let in, a second try is none
            return remote.why(error)
        except Exception as error:  # each library has its own; one file that cannot be fetched must not end the rest
            if isinstance(error, OSError) and error.errno in _NO_ROOM:
                raise _not_written(staged, error) from error
            why = remote.why(error)
    return f"it could not be fetched in {TRIES} tries: {why.rstrip('.')}."


@contextmanager
def _coming(staged: Staged, path: str) -> Iterator[Path]:
    """A place for a file while it comes; nothing is left there."""
    beside = staged.coming / f"{os.getpid()}-{hashlib.sha256(path.encode()).hexdigest()[:16]}.part"
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.touch()
    except OSError as trouble:
        raise _not_written(staged, trouble) from trouble
    try:
        yield beside
    finally:
        beside.unlink(missing_ok=True)


def _clear_away(staged: Staged) -> None:
    """What runs that were killed left half fetched."""
    for left in staged.coming.glob("*.part"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > LEFT_BEHIND_SECONDS:
                left.unlink()


def _settle(beside: Path, staged: Staged, path: str) -> str | None:
    """All bytes on the disk first, then the name, and that on the disk too. Says why the name cannot be had."""
    goal = staged.files / path
    try:
        goal.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("rb+") as opened:
            os.fsync(opened.fileno())
        beside.replace(goal)
        flush_names(goal.parent)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):  # in a bucket both can be there
        return "a file and a folder go by one name. Rename one of them."
    except OSError as trouble:
        raise _not_written(staged, trouble) from trouble
    return None


def _not_written(staged: Staged, trouble: OSError) -> StorageError:
    return StorageError(
        f"{staged.root}: it cannot be written ({trouble.strerror}). Check the space and your rights there, then run again: what "
        "is there already is not fetched twice."
    )


def _problem(address: str, name: str, sentence: str) -> CallProblem:
    return CallProblem(call_id=name, sentence=f"{address}/{name}: {sentence}")


def _reach(settings: Settings) -> Reach:
    return Reach(endpoint=_endpoint(settings), timeout=settings.source_timeout)


def _endpoint(settings: Settings) -> str | None:
    if settings.s3_endpoint is None:
        return None
    parts = web_address(settings.s3_endpoint, "CALLCOACH_S3_ENDPOINT", like="https://host:9000")
    if parts.username or parts.password or parts.query:
        raise UsageError(
            "CALLCOACH_S3_ENDPOINT holds a user, a password or a query. Leave them out; keys come from the environment."
        )
    refuse_in_the_clear(parts, "CALLCOACH_S3_ENDPOINT", allowed=settings.s3_plain_http, allow_by="CALLCOACH_S3_PLAIN_HTTP")
    return settings.s3_endpoint
