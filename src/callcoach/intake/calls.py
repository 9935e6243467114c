"""From a folder people have to the calls in it: manifest rows, sidecars, file names. Hears and judges nothing."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from callcoach.domain.call import Call
from callcoach.domain.coaching import CallProblem
from callcoach.domain.people import Company
from callcoach.errors import BadInput, BadManifest, BadTranscript
from callcoach.intake.call_files import AUDIO_ENDINGS, TRANSCRIPT_ENDINGS, CallFiles, is_audio, stem
from callcoach.intake.facts import WrongField, checked_call_id, read_facts
from callcoach.intake.file_names import FileNames
from callcoach.intake.manifest import ManifestRow, ManifestRows, read_manifest
from callcoach.intake.people import read_company
from callcoach.intake.text_file import shown
from callcoach.intake.transcripts import recognise
from callcoach.intake.yaml_file import read_yaml

MANIFEST, PEOPLE = "manifest.csv", "people.yaml"


def nothing_let_go(_: str) -> bool:
    """Of most folders no file was taken out on purpose."""
    return False


class Reading(NamedTuple):
    """How a folder is read. names: what the names of files say, where nothing else does. deep: its folders, too.

    place: where its files come from, and are mended, if not in the folder itself.
    let_go: whether a file, by its path or its name without ending, was taken out on purpose, so that a row that names it is no
    problem.
    """

    names: FileNames = FileNames(None)
    let_go: Callable[[str], bool] = nothing_let_go
    deep: bool = False
    place: str | None = None


AS_EVER = Reading()


class CallFolder(NamedTuple):
    """All that a folder holds; `problems` are the rows and files that are no calls, with the reason."""

    root: Path
    calls: tuple[Call, ...]
    problems: tuple[CallProblem, ...]
    company: Company


def read_call_folder(folder: Path, how: Reading = AS_EVER) -> CallFolder:
    """The calls of manifest.csv, then the recordings and transcripts it does not name, in `folder`, audio/ and transcripts/.

    A recording is the truth: where a call has one, its transcript file is not used. Files named after a call
    (`wren-01.labels.json`) belong to it. Raises BadInput where there is no folder or nothing in it, BadManifest where the
    manifest has no usable header; anything else wrong is a problem and the rest go on.
    """
    if not folder.is_dir():
        what = "this is a file, not a folder" if folder.exists() else "there is no such folder"
        raise BadInput(f"{folder}: {what}. Give the folder that holds the recordings.")
    files = CallFiles(folder, deep=how.deep)
    company, problems = _company(folder)
    manifest = read_manifest(folder / MANIFEST) if (folder / MANIFEST).is_file() else ManifestRows((), ())
    problems += manifest.problems
    calls: dict[str, Call] = {}
    lines: dict[str, int] = {}
    for row in manifest.rows:
        where = f"{MANIFEST} line {row.line}"
        call_id = row.cells["call_id"]
        try:
            if call_id in lines:
                raise WrongField(f"call_id {call_id} stands in line {lines[call_id]} too. Give each call an id of its own.")
            lines[call_id or where] = row.line
            calls[call_id] = _call_of_row(files, row, company)
        except WrongField as trouble:
            if not any(how.let_go(row.cells.get(field, "")) for field in ("audio_path", "transcript_path", "call_id")):
                problems.append(CallProblem(call_id=call_id or where, sentence=f"{where}: {trouble}"))
    for path in files.unowned(_owners(files, manifest.rows)):
        try:
            call = _call_of_file(files, path, company, how.names)
            if call.call_id in calls:
                other = calls[call.call_id].audio_path or calls[call.call_id].transcript_path
                raise WrongField(f"another call is named {call.call_id} already ({other}). Rename one of the files.")
            calls[call.call_id] = call
        except (WrongField, BadTranscript, BadManifest) as trouble:
            sentence = f"{path.name}: {trouble}" if isinstance(trouble, WrongField) else str(trouble)
            problems.append(CallProblem(call_id=path.name, sentence=sentence))
    if not calls and not problems:
        endings = ", ".join(ending[1:] for ending in AUDIO_ENDINGS)
        transcripts = ", ".join(ending[1:] for ending in TRANSCRIPT_ENDINGS)
        raise BadInput(f"{folder}: there is no call in it. Put recordings ({endings}) or transcripts ({transcripts}) there.")
    return CallFolder(root=folder, calls=tuple(calls.values()), problems=tuple(problems), company=company)


def _company(folder: Path) -> tuple[Company, list[CallProblem]]:
    if not (folder / PEOPLE).is_file():
        return Company(), []
    try:
        return read_company(folder / PEOPLE), []
    except BadManifest as trouble:
        return Company(), [CallProblem(call_id=PEOPLE, sentence=str(trouble))]


def _owners(files: CallFiles, rows: tuple[ManifestRow, ...]) -> Iterator[str]:
    """The names that files of the manifest's calls go by; a row that cannot be used still owns its files."""
    for row in rows:
        named = [row.cells.get(field, "").replace("\\", "/") for field in ("audio_path", "transcript_path")]
        yield from (files.name(files.root / path) if _leads_inside(path) else stem(Path(path)) for path in named if path)
        call_id = row.cells["call_id"]
        found = None if any(named) else files.recording(call_id) or files.transcript(call_id)
        yield call_id if found is None else files.name(found)


def _leads_inside(path: str) -> bool:
    return not Path(path).is_absolute() and stem(Path(path)) != ""


def _call_of_row(files: CallFiles, row: ManifestRow, company: Company) -> Call:
    call_id = checked_call_id(row.cells["call_id"])
    audio, text = row.cells.get("audio_path"), row.cells.get("transcript_path")
    recording = files.inside("audio_path", audio) if audio else None
    transcript = files.inside("transcript_path", text) if text else None
    if recording is None and transcript is None:
        recording, transcript = files.recording(call_id), files.transcript(call_id)
    if recording is None and transcript is None:
        raise WrongField(f"{call_id} names no file. Write audio_path or transcript_path.")
    if recording is not None and not recording.is_file() and transcript is not None and transcript.is_file():
        recording = None
    return _call(files, call_id, recording, transcript, row.cells, company)


def _call_of_file(files: CallFiles, path: Path, company: Company, names: FileNames) -> Call:
    path = files.inside("the file", files.relative(path))
    if not is_audio(path):
        recognise(path)
    fields = _fields(files, path, names)
    call_id = checked_call_id(fields["call_id"])
    recording, transcript = (path, None) if is_audio(path) else (None, path)
    return _call(files, call_id, recording, transcript, fields, company)


def _call(
    files: CallFiles,
    call_id: str,
    recording: Path | None,
    transcript: Path | None,
    fields: Mapping[str, str],
    company: Company,
) -> Call:
    facts = read_facts(fields, company)
    source = recording or transcript
    assert source is not None, "a call has a recording or a transcript"
    return Call(
        call_id=call_id,
        content=files.sha256(source),
        audio_path=files.relative(source) if recording else None,
        transcript_path=None if recording else files.relative(source),
        kind=facts.kind,
        started_at=facts.started_at,
        rep_id=facts.rep_id,
        team=facts.team,
        customer_name=facts.customer_name,
        direction=facts.direction,
        rep_channel=facts.rep_channel,
        language=facts.language,
        outcome=facts.outcome,
        amount=facts.amount,
        extra=facts.extra,
    )


def _fields(files: CallFiles, path: Path, names: FileNames) -> Mapping[str, str]:
    """What the sidecar says, then what the name does. Where there is a sidecar, a name that follows no pattern is in order."""
    beside = _sidecar(files, path)
    try:
        named = names.facts(stem(path))
    except WrongField:
        if not beside:
            raise
        named = {"call_id": stem(path)}
    if "rep_email" in beside:  # the sidecar names the rep, if otherwise
        named = {name: text for name, text in named.items() if name != "rep_id"}
    return {**named, **beside}


def _sidecar(files: CallFiles, path: Path) -> Mapping[str, str]:
    """The fields that describe a call in a file beside it."""
    sidecar = files.sidecar(path)
    if sidecar is None or sidecar == path:
        return {}
    values = read_yaml(files.inside("the sidecar", files.relative(sidecar)), BadManifest).values
    if not isinstance(values, dict):
        raise BadManifest(f"{shown(sidecar)}: there are no fields in it. Write fields like rep_id: R01, or remove the file.")
    return {key: _as_text(value) for key, value in values.items() if value is not None}


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
