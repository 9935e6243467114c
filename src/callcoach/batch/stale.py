"""What is stale: the work that is left, asked of the store and nothing else. Knows nothing of how work is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from callcoach.domain.call import Call, CallKind
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.languages import language_code
from callcoach.domain.story import Initiative, default_rubrics
from callcoach.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Makers:
    """The fingerprints of what turns one layer of fact into the next."""

    speech: str
    language: str
    judge: str


class Recognition(NamedTuple):
    """A call whose recording (or imported transcript) has not been read by the current speech models."""

    call: Call
    made_by: str


class Judgement(NamedTuple):
    """A call and an initiative whose score is not current; `measure` is false where the stored signals still hold."""

    call: Call
    initiative: Initiative
    transcript_made_by: str
    signals_made_by: str
    score_made_by: str
    measure: bool


def recognition_key(call: Call, makers: Makers) -> str:
    """Names all that recognised words depend on; no initiative is among it, so a new story never transcribes a year anew."""
    reader = makers.speech if call.audio_path else "imported"
    return fingerprint(call.content, call.kind.value, call.rep_channel, call.language, reader)


def transcript_key(call: Call, attributed_by: Callable[[Call], str], makers: Makers) -> str:
    """Names all that the transcript depends on that is judged; `attributed_by` names what made it of the recognised words."""
    return fingerprint(recognition_key(call, makers), attributed_by(call))


def signals_key(digest: str, initiative: Initiative, makers: Makers) -> str:
    """Names all that signals depend on. digest: of the transcript, its words and not what made them: a new initiative's glossary
    leaves most calls as they were. What criteria weigh is left out: no model has to read a call again for a changed weight.
    """
    return fingerprint(digest, _addresses(initiative).measured, makers.language)


def score_key(signals_made_by: str, initiative: Initiative, makers: Makers) -> str:
    """Names all that a score depends on."""
    version, measured = _addresses(initiative)
    return fingerprint(signals_made_by, makers.judge, *([] if version == measured else [version]))


class _Addresses(NamedTuple):
    version: str
    measured: str


@lru_cache(maxsize=256)
def _addresses(initiative: Initiative) -> _Addresses:
    return _Addresses(initiative.version, initiative.measured_version)


def initiatives_for(call: Call, initiatives: Sequence[Initiative], language: str | None = None) -> tuple[Initiative, ...]:
    """The initiatives a call is judged for: one rubric per id, in the call's `language` where there is one, else the default.

    A customer call: those live that day. A leader's recording: those already announced, too. A call without a day: all.
    """
    day = call.day

    def told(initiative: Initiative) -> bool:
        if day is None:
            return True
        announced = initiative.readiness.announced
        early = call.kind is CallKind.LEADER_RECORDING and announced is not None and announced <= day < initiative.launched
        return early or initiative.live_on(day)

    live = [initiative for initiative in initiatives if told(initiative)]
    in_language = [each for each in live if language and language_code(each.language) == language_code(language)]
    # the first of an id counts, and so an id keeps its place among the others
    chosen = {initiative.id: initiative for initiative in default_rubrics(live)}
    return tuple((chosen | {initiative.id: initiative for initiative in default_rubrics(in_language)}).values())


def stale_recognitions(store: Store, calls: Sequence[Call], makers: Makers) -> list[Recognition]:
    """The calls that have no words from this recording by these models."""
    keys = {call.call_id: recognition_key(call, makers) for call in calls}
    missing = store.missing_transcripts(keys)
    return [Recognition(call, keys[call.call_id]) for call in calls if call.call_id in missing]


def stale_judgements(
    store: Store,
    calls: Sequence[Call],
    initiatives: Sequence[Initiative],
    attributed_by: Callable[[Call], str],
    makers: Makers,
) -> list[Judgement]:
    """The (call, initiative) pairs whose score is not made from the current transcript, story and judge.

    Calls without a current transcript are left out: their recognition failed, which is reported where it happened.
    """
    transcript_keys = {call.call_id: transcript_key(call, attributed_by, makers) for call in calls}
    digests = store.digests(transcript_keys)
    # a transcript is asked for its language only where that decides anything
    several = len(default_rubrics(initiatives)) < len(initiatives)
    languages = store.languages(transcript_keys) if several else {}
    wanted: dict[tuple[str, str], Judgement] = {}
    for call in calls:
        if call.call_id not in digests:
            continue
        for initiative in initiatives_for(call, initiatives, languages.get(call.call_id)):
            transcript_made_by = transcript_keys[call.call_id]
            signals_made_by = signals_key(digests[call.call_id], initiative, makers)
            score_made_by = score_key(signals_made_by, initiative, makers)
            wanted[call.call_id, initiative.id] = Judgement(
                call, initiative, transcript_made_by, signals_made_by, score_made_by, measure=True
            )
    unscored = store.missing_scores({pair: judgement.score_made_by for pair, judgement in wanted.items()})
    unmeasured = store.missing_signals({pair: judgement.signals_made_by for pair, judgement in wanted.items()})
    return [judgement._replace(measure=pair in unmeasured) for pair, judgement in wanted.items() if pair in unscored]
