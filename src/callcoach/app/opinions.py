"""Second opinions where the judge is unsure: off unless an endpoint is set. A failure is a note and changes no judgement."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from pydantic import SecretStr

from callcoach.app.attribution import Attribution
from callcoach.app.progress import Progress
from callcoach.app.workspace import Workspace
from callcoach.batch import stale
from callcoach.domain.call import Call, Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.opinion import SecondOpinion
from callcoach.domain.people import Company
from callcoach.domain.review import ReviewedScore
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import CallScore
from callcoach.errors import NoOpinion, SomethingMissing, UsageError
from callcoach.judging.second_opinion import is_uncertain, weigh
from callcoach.opinion.asking import SecondOpinions
from callcoach.opinion.endpoint import Endpoint, address
from callcoach.settings import Settings
from callcoach.storage.history import History
from callcoach.storage.labels import Labels
from callcoach.storage.opinions import Opinions


class Asked(NamedTuple):
    """A judgement and the opinion beside it."""

    score: CallScore
    opinion: SecondOpinion


def adviser(settings: Settings) -> Endpoint | None:
    """Who is asked; None where no endpoint is set. Raises UsageError or SomethingMissing where the settings cannot be used."""
    if settings.opinion_url is None:
        return None
    if not settings.opinion_model:
        raise UsageError("CALLCOACH_OPINION_URL is set, but no model. Set CALLCOACH_OPINION_MODEL to the model to ask.")
    where = address(settings.opinion_url, plain_http=settings.opinion_plain_http)
    key = _key(settings)
    if key is not None and not (key.get_secret_value().isascii() and key.get_secret_value().isprintable()):
        raise UsageError(
            "CALLCOACH_OPINION_KEY, or its file, holds a line break or a letter that no key has. Copy the key again, and only it."
        )
    return Endpoint(where, model=settings.opinion_model, key=key, seconds=settings.opinion_timeout)


def needed_adviser(settings: Settings) -> Endpoint:
    """Who is asked, where a person asked for it. Raises UsageError where nobody is set."""
    who = adviser(settings)
    if who is None:
        raise UsageError("Nobody is set to be asked for a second opinion. Set CALLCOACH_OPINION_URL and CALLCOACH_OPINION_MODEL.")
    return who


def _key(settings: Settings) -> SecretStr | None:
    if settings.opinion_key_file is None:
        return settings.opinion_key
    try:
        return SecretStr(settings.opinion_key_file.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise SomethingMissing(
            f"{settings.opinion_key_file}: the key cannot be read ({type(error).__name__}). Check CALLCOACH_OPINION_KEY_FILE."
        ) from None


def opinion_on(
    score: CallScore, transcript: Transcript, initiative: Initiative, workspace: Workspace, *, at: datetime
) -> SecondOpinion:
    """The opinion on one judgement, however sure it is. Raises NoOpinion, and UsageError where no endpoint is set."""
    who = needed_adviser(workspace.settings)
    return _asking(workspace, who, most=1).ask(transcript, initiative, score, names=(), at=at)


def weighed(read: Iterable[ReviewedScore], asked: Iterable[Asked]) -> tuple[CallScore, ...]:
    """The scores as they are read, those with an opinion that differs marked for a person; what is stored stays as it is.

    Where a person has said something already, nobody else is needed.
    """
    opinions = {(each.opinion.call_id, each.opinion.initiative_id): each.opinion for each in asked}
    found = []
    for each in read:
        opinion = opinions.get((each.score.call_id, each.score.initiative_id))
        found.append(each.score if opinion is None or each.counted else weigh(each.score, opinion))
    return tuple(found)


def ask_about(
    workspace: Workspace,
    attribution: Attribution,
    calls: Sequence[Call],
    initiatives: Sequence[Initiative],
    company: Company,
    *,
    now: datetime,
    progress: Progress,
) -> tuple[Asked, ...]:
    """Opinions on the current scores that are unsure, the least sure first; those that are kept are not asked for again.

    Where a person has corrected a score nobody else is asked: the call need not leave the house for it.
    """
    who = adviser(workspace.settings)
    if who is None:
        return ()
    asking = _asking(workspace, who, most=workspace.settings.opinion_most)
    kept, found = Opinions(workspace.store), []
    by_id: Mapping[str, Call] = {call.call_id: call for call in calls}
    keys = {call.call_id: stale.transcript_key(call, attribution.key, workspace.makers) for call in calls}
    digests = workspace.store.digests(keys)
    stories = _by_version(initiatives)
    unsure = _unsure(workspace, digests, stories)
    gave_up = False
    for score in sorted(unsure, key=lambda score: (score.confidence or 0.0, score.call_id, score.initiative_id)):
        call, initiative = by_id[score.call_id], stories[score.versions["rubric"]]
        key = fingerprint(digests[score.call_id], initiative.version, asking.asked_with)
        opinion = kept.asked(score.call_id, initiative.id, key)
        if opinion is None and not gave_up:
            transcript = workspace.store.transcript(score.call_id, keys[score.call_id])
            assert transcript is not None, "its digest is kept with it"
            try:
                opinion = asking.ask(transcript, initiative, score, names=_names(call, company), at=now)
                kept.keep(opinion, key)
            except NoOpinion as error:
                progress.warn(f"{score.call_id} {initiative.id}: no second opinion. {error}")
            if asking.exhausted:
                progress.warn(asking.exhausted)
                gave_up = True
        if opinion is not None:
            found.append(Asked(score, opinion))
    return tuple(found)


def kept_opinions(workspace: Workspace, initiatives: Sequence[Initiative]) -> tuple[Asked, ...]:
    """The opinions that runs asked for on what is still unsure, so that a report weighs them as the run did. Asks nobody."""
    who = adviser(workspace.settings)
    if who is None:
        return ()
    asked_with = _asking(workspace, who, most=0).asked_with
    digests = {call_id: words.digest for call_id, words in History(workspace.store).current_words().items()}
    stories, kept, found = _by_version(initiatives), Opinions(workspace.store), []
    for score in _unsure(workspace, digests, stories):
        initiative = stories[score.versions["rubric"]]
        opinion = kept.asked(score.call_id, initiative.id, fingerprint(digests[score.call_id], initiative.version, asked_with))
        if opinion is not None:
            found.append(Asked(score, opinion))
    return tuple(found)


def _asking(workspace: Workspace, who: Endpoint, *, most: int) -> SecondOpinions:
    if not workspace.settings.opinion_redact:
        return SecondOpinions(who, most=most, as_it_is=True)
    return SecondOpinions(who, most=most, finders=workspace.finders)


def _by_version(initiatives: Sequence[Initiative]) -> dict[str, Initiative]:
    return {f"{initiative.id} {initiative.version}": initiative for initiative in initiatives}


def _unsure(workspace: Workspace, digests: Mapping[str, str], stories: Mapping[str, Initiative]) -> list[CallScore]:
    """The current scores that are unsure and that no person has corrected."""
    corrected = {(review.call_id, review.initiative_id) for review in Labels(workspace.store).reviews()}
    return [
        score
        for score in workspace.store.scores()
        if score.call_id in digests
        and (score.call_id, score.initiative_id) not in corrected
        and score.versions.get("rubric") in stories
        and is_uncertain(score, below=workspace.settings.opinion_below)
    ]


def _names(call: Call, company: Company) -> list[str]:
    """Everybody a call may speak of, as far as it is known."""
    names = [person.name for person in company.people]
    return [*names, *([call.customer_name] if call.customer_name else [])]
