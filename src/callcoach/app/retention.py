"""Let go of what is past its date: sound, words, whole calls, each after as many days as the settings say.

Folders that people put calls into are theirs and are only read; calls in them that are past their date are not taken in again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from callcoach import events
from callcoach.app.erased_files import remove
from callcoach.app.log_files import marks_of, without_lines
from callcoach.app.staging import copies, room_of, with_facts
from callcoach.app.workspace import Workspace
from callcoach.coaching.notation import count
from callcoach.domain.erasure import Forgotten
from callcoach.events import say
from callcoach.intake.call_files import SIDECAR_ENDINGS, TRANSCRIPT_ENDINGS
from callcoach.intake.calls import CallFolder
from callcoach.settings import Settings
from callcoach.storage.ageing import Ageing, OldCall
from callcoach.storage.erasing import Erasing


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """What went: calls whose sound, words or all that is kept of them was past its date.

    elsewhere: recordings past their date in folders that are only read. undated: calls without a day, which never grow old.
    kept: files that could not be deleted. on: whether the settings ask for anything at all.
    """

    on: bool
    recordings: int = 0
    transcripts: int = 0
    calls: int = 0
    elsewhere: int = 0
    undated: int = 0
    kept: tuple[Path, ...] = ()

    @property
    def sentence(self) -> str:
        """All of it in a line or two."""
        if not self.on:
            return "Everything is kept for good: no setting CALLCOACH_KEEP_..._DAYS says otherwise."
        if self.recordings or self.transcripts or self.calls:
            parts = [f"sound of {count(self.recordings, 'call')}"] if self.recordings else []
            parts += [f"words of {count(self.transcripts, 'call')}"] if self.transcripts else []
            parts += [f"all of {count(self.calls, 'call')}"] if self.calls else []
            said = f"Past its date and gone: {', '.join(parts)}."
        else:
            said = "Nothing was past its date."
        if self.elsewhere:
            said += f" Past their date in folders that are only read: {count(self.elsewhere, 'recording')}. Delete them there."
        if self.undated:
            said += f" Without a day, so never old: {count(self.undated, 'call')}. Give them started_at in the manifest."
        if self.kept:
            said += f" Could not be deleted: {', '.join(map(str, self.kept))}."
        return said


def retain(workspace: Workspace, *, today: date) -> Retained:
    """Let go of all that is past its date on this day. Raises StorageError."""
    settings = workspace.settings
    days = (settings.keep_recordings_days, settings.keep_transcripts_days, settings.keep_scores_days)
    if all(each is None for each in days):
        return Retained(on=False)
    ageing = Ageing(workspace.store)
    sound, words, whole = (ageing.before(today - timedelta(days=each)) if each is not None else () for each in days)
    sound_of = {each.content: each for each in (*sound, *whole)}
    files, elsewhere = _sound_files(workspace, sound_of)
    kept = remove(files)
    of_whole = {each.content for each in whole}
    recordings = ageing.drop_sound(set(sound_of) - of_whole)
    ageing.drop_sound(of_whole)
    with_words = ageing.with_words({each.call_id for each in words} - {each.call_id for each in whole})
    if with_words:
        ageing.drop_words(with_words)
    if whole:
        contents = frozenset(each.content for each in whole)
        Erasing(workspace.store).erase(Forgotten(call_ids=frozenset(each.call_id for each in whole), contents=contents))
    if recordings or with_words or whole:
        # what was deleted is overwritten with zeros; the log before it is cut off
        Erasing(workspace.store).purge(whole=False)
        without_lines(settings, marks_of(of_whole))
    say(events.Retained(recordings=recordings, transcripts=len(with_words), calls=len(whole)))
    return Retained(
        on=True,
        recordings=recordings,
        transcripts=len(with_words),
        calls=len(whole),
        elsewhere=elsewhere,
        undated=ageing.undated(),
        kept=kept,
    )


def first_day_kept(settings: Settings, today: date) -> date | None:
    """Calls from before this day are not taken in: their words or judgement would go again at once. None: all are."""
    days = [each for each in (settings.keep_transcripts_days, settings.keep_scores_days) if each is not None]
    return today - timedelta(days=min(days)) if days else None


def without_old(settings: Settings, folders: Sequence[CallFolder], today: date) -> tuple[list[CallFolder], int]:
    """The folders without calls that are past their date, and how many those are."""
    first = first_day_kept(settings, today)
    if first is None:
        return list(folders), 0
    kept = [each._replace(calls=tuple(call for call in each.calls if call.day is None or call.day >= first)) for each in folders]
    return kept, sum(len(each.calls) for each in folders) - sum(len(each.calls) for each in kept)


def _sound_files(workspace: Workspace, sound_of: dict[str, OldCall]) -> tuple[list[Path], int]:
    """Cached sound, and recordings in the home folder with what lies beside them; and how many lie where nothing is deleted.

    Copies of what lies in a bucket or SFTP drop are among them, and are not fetched again.
    """
    home = workspace.settings.home
    cached, taken_in, fetched = home / "cache" / "audio", (home / "calls").resolve(), room_of(workspace).resolve()
    files = [file for content in sound_of for file in cached.glob(f"{content}*")] if cached.is_dir() else []
    elsewhere = 0
    there = [path for path in map(Path, Erasing(workspace.store).places(sound_of).values()) if path.is_file()]
    for path in there:
        if taken_in in path.parents:
            files += [path, *(beside for each in _BESIDE if (beside := path.with_suffix(each)).is_file())]
        elif fetched not in path.parents:
            elsewhere += 1
    for copy in copies(workspace):
        folder = copy.files.resolve()
        theirs = [path.relative_to(folder).as_posix() for path in there if folder in path.parents]
        files += [folder / path for path in (with_facts(copy, theirs) if theirs else ())]
    return files, elsewhere


_BESIDE = tuple(dict.fromkeys((*SIDECAR_ENDINGS, *TRANSCRIPT_ENDINGS)))
"""A transcript beside a recording would be a call of its own without it."""
