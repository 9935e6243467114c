"""One call by hand: put a recording into words, or judge a recording or transcript for one initiative. Stores nothing."""

from pathlib import Path

from callcoach.app.workspace import Listening, Measuring, Workspace
from callcoach.domain.call import Call, CallKind, Transcript
from callcoach.domain.story import GlossaryTerm
from callcoach.domain.verdict import CallScore
from callcoach.errors import BadInput
from callcoach.intake.call_files import is_audio
from callcoach.intake.rubrics import read_initiative
from callcoach.intake.transcripts import read_transcript
from callcoach.speech.glossary import repair


def transcribe(
    audio: Path,
    workspace: Workspace,
    *,
    rep_channel: int | None = None,
    leader: bool = False,
    language: str | None = None,
    glossary: tuple[GlossaryTerm, ...] = (),
) -> Transcript:
    """The words of one recording, with times in seconds and names repaired by `glossary`. Raises BadAudio."""
    call = Call(
        call_id=audio.stem,
        content="",
        kind=CallKind.LEADER_RECORDING if leader else CallKind.CUSTOMER_CALL,
        rep_channel=rep_channel,
        language=language,
    )
    return repair(workspace.listener(1)()(Listening(call, audio)), glossary)


def score_file(
    file: Path, initiative_file: Path, workspace: Workspace, *, rep_channel: int | None = None, leader: bool = False
) -> CallScore:
    """The judgement of one recording or transcript for one initiative. Raises BadAudio, BadTranscript or BadRubric."""
    initiative = read_initiative(initiative_file)
    if not file.exists():
        raise BadInput(f"{file}: there is no such file. Give the path of a recording or a transcript.")
    if is_audio(file):
        transcript = transcribe(
            file, workspace, rep_channel=rep_channel, leader=leader, language=None, glossary=initiative.glossary
        )
    else:
        transcript = repair(read_transcript(file), initiative.glossary)
    (signals,) = workspace.measurer(1)()(Measuring(transcript, (initiative,)))
    return workspace.judged(transcript, initiative, signals)
