"""One call by hand: put a recording into words, or judge a recording or transcript for one initiative. Stores nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from callcoach.app.workspace import Listening, Measuring, Workspace
from callcoach.domain.call import Call, CallKind, Transcript
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import CallScore
from callcoach.errors import BadInput
from callcoach.intake.call_files import is_audio
from callcoach.intake.rubrics import read_initiative
from callcoach.intake.transcripts import read_transcript


def read_call(
    file: Path,
    workspace: Workspace,
    *,
    rep_channel: int | None = None,
    leader: bool = False,
    language: str | None = None,
    initiatives: Sequence[Initiative] = (),
) -> Transcript:
    """The words of a recording, or those in a transcript of any known format, as they are judged.

    Names are those of `initiatives`; who is the rep is told from the words where neither `rep_channel` nor the transcript says
    it. Raises BadInput where there is no such file, BadAudio or BadTranscript where it cannot be read.
    """
    if not file.exists():
        raise BadInput(f"{file}: there is no such file. Give the path of a recording or a transcript.")
    call = Call(
        call_id=file.stem.removesuffix(".transcript"),
        content="",
        kind=CallKind.LEADER_RECORDING if leader else CallKind.CUSTOMER_CALL,
        rep_channel=workspace.settings.rep_channel if rep_channel is None else rep_channel,
        language=language,
    )
    heard = workspace.listener(1)()(Listening(call, file)).transcript if is_audio(file) else read_transcript(file)
    return workspace.attribution(initiatives, Company()).of(heard, call)


def score_file(
    file: Path, initiative_file: Path, workspace: Workspace, *, rep_channel: int | None = None, leader: bool = False
) -> CallScore:
    """The judgement of one recording or transcript for one initiative. Raises BadAudio, BadTranscript or BadRubric."""
    return score_file_of(read_initiative(initiative_file), file, workspace, rep_channel=rep_channel, leader=leader).score


class ScoredFile(NamedTuple):
    """A file's judgement, and the words it rests on."""

    score: CallScore
    transcript: Transcript


def score_file_of(
    initiative: Initiative, file: Path, workspace: Workspace, *, rep_channel: int | None = None, leader: bool = False
) -> ScoredFile:
    """The judgement of one recording or transcript for one initiative. Raises BadAudio or BadTranscript."""
    transcript = read_call(file, workspace, rep_channel=rep_channel, leader=leader, initiatives=(initiative,))
    (signals,) = workspace.measurer(1)()(Measuring(transcript, (initiative,))).signals
    return ScoredFile(workspace.judged(transcript, initiative, signals), transcript)
