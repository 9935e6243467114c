"""Tell what calls say together that no single figure shows: sales without a why, what followed a coaching, an old story, facts
without a reason, what was promised before its day. Each with its quotes, as a reason to listen. Knows no files and no models.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from callcoach.coaching import around_wording, behaviours, moments
from callcoach.coaching import story_wording as words
from callcoach.coaching.columns import won
from callcoach.coaching.consistency import consistency
from callcoach.coaching.heard import Heard, Hearings
from callcoach.coaching.initiatives import best_example, not_for_the_reps
from callcoach.coaching.leaders_words import is_rather_of
from callcoach.coaching.old_story import told_before
from callcoach.coaching.story_lines import given_away, naming, quoted_line, rep_turns
from callcoach.domain.call import Call, Transcript
from callcoach.domain.coaching import Behaviour, InitiativeFinding, Moment
from callcoach.domain.diagnosis import Cause
from callcoach.domain.people import Coached, Company
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Level, Verdict

LATEST = 12
"""A rep's latest calls are listened to: a story is about now, and a year of a large company stays readable in a second."""

LATEST_EARLY = 200
LEAST_SALES = 2
LEAST_CALLS = 2
QUOTES = 4
MOST_REPS = 6
"""As many are named in one story; of the others it says how many there are."""

_NOTHING_CONCLUDED = (Cause.MEASUREMENT, Cause.TOO_EARLY)

Said = Callable[[str], Transcript | None]
"""What was said in a call; None where it is not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What several calls say together. rep_ids: whom it is about; initiative_id: None where it is about several."""

    title: str
    sentences: tuple[str, ...]
    moments: tuple[Moment, ...]
    rep_ids: tuple[str, ...] = ()
    initiative_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Company:
    hearings: Hearings
    said: Said
    company: Company
    reps: tuple[str, ...]


def stories(
    hearings: Hearings,
    findings: Sequence[InitiativeFinding],
    initiatives: Sequence[Initiative],
    company: Company,
    *,
    said: Said,
    calls: Sequence[Call],
    reps: Collection[str],
    every: Sequence[Initiative] = (),
    withheld: Collection[str] = (),
) -> tuple[Story, ...]:
    """The stories about these reps and initiatives; what is not heard is not told.

    withheld: initiatives whose gate is not open, of which nothing is said of how a rep tells them.
    every: all initiatives that a leader may speak of, where these are not all. The leaders' come first. reps: nobody else is
    named, so that a rep's own page says nothing of colleagues.
    """
    of = _Company(hearings=hearings, said=said, company=company, reps=tuple(rep for rep in hearings.reps if rep in reps))
    wanted = {initiative.id for initiative in initiatives}
    left = {*withheld, *(finding.initiative_id for finding in findings if not_for_the_reps(finding))}
    names = {initiative.id: initiative.name for initiative in initiatives}
    found: list[Story | None] = [
        _leaders(finding, names[finding.initiative_id])
        for finding in findings
        if finding.for_leaders
        and finding.initiative_id in wanted
        and len(of.reps) == len(hearings.reps)
        and not (finding.diagnosis and finding.diagnosis.cause in _NOTHING_CONCLUDED)
    ]
    found += [
        _tellings(initiative, of, every or initiatives)
        for finding in findings
        for initiative in initiatives
        if finding.initiative_id == initiative.id and finding.for_leaders and len(of.reps) == len(hearings.reps)
    ]
    found += [_promised_early(initiative, of, calls) for initiative in initiatives]
    for initiative in initiatives:
        if initiative.id in left:
            continue
        old = _old_story(initiative, of)
        found += [_sold_without_why(initiative, of), *_after_coaching(initiative, of), old]
        found.append(_never_why(initiative, of, every or initiatives, without=old.rep_ids if old else ()))
    return tuple(story for story in found if story is not None)


def _leaders(finding: InitiativeFinding, name: str) -> Story:
    # what leaders told and left out follows as a story of its own, where there is more than one to lay side by side
    alone = finding.leaders_say if len(finding.leaders) < LEAST_CALLS else None
    said = (finding.headline, alone, *finding.reasons)
    example = (finding.example,) if finding.example else ()
    return Story(
        title=words.leaders_title(name),
        sentences=tuple(sentence for sentence in said if sentence),
        moments=(*finding.moments, *example),
        initiative_id=finding.initiative_id,
    )


def _tellings(initiative: Initiative, of: _Company, every: Sequence[Initiative]) -> Story | None:
    """What each leader said of an initiative that stops alike with many reps, a line of each side by side."""
    found = consistency(of.hearings, initiative, every, of.company, said=of.said)
    if found is None or len(found.leaders) < LEAST_CALLS:
        return None
    named = [(said, of.company.name_of(said.person_id) if said.person_id else said.call_id) for said in found.leaders]
    return Story(
        title=around_wording.tellings_title(initiative.name, len({name for _, name in named})),
        sentences=tuple(around_wording.leader_said(said, name) for said, name in named),
        moments=tuple(said.quotes[0] for said, _ in named[:MOST_REPS] if said.quotes),
        initiative_id=initiative.id,
    )


def _sold_without_why(initiative: Initiative, of: _Company) -> Story | None:
    """Reps who won by giving something away in every sale and never explained, beside those who explain and give nothing."""
    sellers = [
        (rep_id, raised, given) for rep_id, raised, given in (_sales(rep_id, initiative, of) for rep_id in of.reps) if given
    ]
    if not sellers:
        return None
    explainers: list[tuple[str, int, int, int, list[Heard]]] = []
    for rep_id in of.reps:
        raised = _raised(rep_id, initiative, of)
        explaining = [heard for heard in raised if heard.score.verdict is Verdict.EXPLAINS]
        often = len(explaining) * 2 > len(raised) and len(explaining) >= LEAST_CALLS
        if often and len(explainers) < MOST_REPS and not _gives_away(rep_id, of):
            explainers.append((rep_id, len(explaining), len(raised), len(_won(rep_id, of)), explaining))
    sentences = [
        words.sold_without_why(of.company.name_of(rep_id), initiative.name, len(given), raised)
        for rep_id, raised, given in sellers[:MOST_REPS]
    ]
    sentences += words.and_more(len(sellers) - MOST_REPS)
    sentences += [
        words.explained_without_discount(of.company.name_of(rep_id), initiative.name, told, raised, sold)
        for rep_id, told, raised, sold, _ in explainers
    ]
    sentences.append(words.WINNING_IS_NOT_EXPLAINING)
    quotes = [moment for _, _, given in sellers for moment in given][: QUOTES - 1]
    quotes += [shown for *_, explaining in explainers[:1] if (shown := best_example(Behaviour.TELL_THE_WALL, explaining))]
    return Story(
        title=words.sold_without_why_title(),
        sentences=tuple(sentences),
        moments=tuple(quotes),
        rep_ids=tuple([rep_id for rep_id, *_ in sellers] + [rep_id for rep_id, *_ in explainers]),
        initiative_id=initiative.id,
    )


def _sales(rep_id: str, initiative: Initiative, of: _Company) -> tuple[str, int, list[Moment]]:
    """Calls in which it came up, and what was given away in each sale; nothing where a sale was made otherwise, or explained."""
    raised, sales = _raised(rep_id, initiative, of), _won(rep_id, of)
    explained = any(heard.score.verdict is Verdict.EXPLAINS for heard in raised)
    if explained or len(raised) < LEAST_CALLS or len(sales) < LEAST_SALES:
        return rep_id, len(raised), []
    given = [_given_away(heard, of) for heard in sales]
    return rep_id, len(raised), [moment for moment in given if moment] if all(given) else []


def _after_coaching(initiative: Initiative, of: _Company) -> list[Story]:
    """Who explains since a coaching and did not before; the latest coaching of each rep that says so."""
    found: dict[str, Story] = {}
    for coached in sorted(of.company.coached, key=lambda each: each.on):
        if coached.initiative_id == initiative.id and coached.rep_id in of.reps:
            story = _changed(coached, initiative, of)
            if story:
                found[coached.rep_id] = story
    return list(found.values())[:MOST_REPS]


def _changed(coached: Coached, initiative: Initiative, of: _Company) -> Story | None:
    dated = [heard for heard in _raised(coached.rep_id, initiative, of) if heard.call.day]
    before = [heard for heard in dated if heard.call.day and heard.call.day < coached.on]
    after = [heard for heard in dated if heard.call.day and heard.call.day > coached.on]
    if not before or any(heard.score.verdict is Verdict.EXPLAINS for heard in before):
        return None
    if not after or after[-1].score.verdict is not Verdict.EXPLAINS:
        return None
    earlier = moments.missing(Behaviour.LEAVE_THE_SCRIPT, before[-1])[:1]
    later = best_example(Behaviour.TELL_THE_WALL, [heard for heard in after if heard.score.verdict is Verdict.EXPLAINS])
    name = of.company.name_of(coached.rep_id)
    told = [[(heard.call.started_at, heard.score.verdict) for heard in part] for part in (before, after)]
    return Story(
        title=words.after_coaching_title(name),
        sentences=(
            words.after_coaching(name, of.company.name_of(coached.by), initiative.name, coached.on, told[0], told[1]),
            words.few_calls(len(before) + len(after)),
        ),
        moments=(*earlier, *((later,) if later else ())),
        rep_ids=(coached.rep_id,),
        initiative_id=initiative.id,
    )


def _old_story(initiative: Initiative, of: _Company) -> Story | None:
    """Reps in whose calls the replaced reason is heard again, each time with the words."""
    if initiative.previous_story is None:
        return None
    heard_again: dict[str, list[tuple[Moment, bool]]] = {}
    for rep_id in of.reps:
        for heard in _latest(_raised(rep_id, initiative, of)):
            turn = told_before(initiative, rep_turns(of.said(heard.call.call_id)))
            if turn is not None and heard.score.verdict is not Verdict.EXPLAINS:
                heard_again.setdefault(rep_id, []).append((quoted_line(heard.call, initiative.id, *turn), won(heard.call) == 1))
    if not heard_again:
        return None
    sentences = [
        words.old_story(
            of.company.name_of(rep_id),
            initiative.name,
            len(told),
            len(_latest(_raised(rep_id, initiative, of))),
            sum(sold for _, sold in told),
        )
        for rep_id, told in list(heard_again.items())[:MOST_REPS]
    ]
    sentences += words.and_more(len(heard_again) - MOST_REPS)
    return Story(
        title=words.old_story_title(initiative.name),
        sentences=(*sentences, words.why_it_changed(initiative.previous_story)),
        moments=tuple(moment for told in heard_again.values() for moment, _ in told)[:QUOTES],
        rep_ids=tuple(heard_again),
        initiative_id=initiative.id,
    )


def _never_why(initiative: Initiative, of: _Company, every: Sequence[Initiative], *, without: Collection[str]) -> Story | None:
    """Reps who say what it is in every call and why in none."""
    found = []
    for rep_id in of.reps:
        raised = _latest(_raised(rep_id, initiative, of))
        levels = [behaviours.level(heard.score, Component.WALL) for heard in raised]
        if rep_id not in without and len(raised) >= LEAST_CALLS and all(level is Level.ABSENT for level in levels):
            shown = [each for heard in reversed(raised) if (each := _facts_of(heard, initiative, every))]
            if shown:
                found.append((rep_id, len(raised), shown[:2]))
    if not found:
        return None
    return Story(
        title=words.never_why_title(initiative.name),
        sentences=(
            *(words.never_why(of.company.name_of(rep_id), initiative.name, n) for rep_id, n, _ in found[:MOST_REPS]),
            *words.and_more(len(found) - MOST_REPS),
        ),
        moments=tuple(moment for _, _, shown in found for moment in shown)[:QUOTES],
        rep_ids=tuple(rep_id for rep_id, *_ in found),
        initiative_id=initiative.id,
    )


def _facts_of(heard: Heard, initiative: Initiative, every: Sequence[Initiative]) -> Moment | None:
    """A line that says what it is: not one that is rather about another initiative of the same call."""
    told = moments.missing(Behaviour.TELL_THE_WALL, heard)
    return next((moment for moment in told if is_rather_of(moment.quote, initiative, every) is None), None)


def _promised_early(initiative: Initiative, of: _Company, calls: Sequence[Call]) -> Story | None:
    """Reps who named it to customers before its launch, and which leaders were heard speaking of it by then."""
    early = [call for call in calls if call.rep_id in of.reps and call.day and call.day < initiative.launched]
    told: list[tuple[Call, Moment]] = []
    for call in sorted(early, key=lambda call: (str(call.day), call.call_id))[-LATEST_EARLY:]:
        turn = naming(initiative, rep_turns(of.said(call.call_id)))
        if turn is not None:
            told.append((call, quoted_line(call, initiative.id, *turn)))
    if not told:
        return None
    # one quote per rep: the first time it was said
    first: dict[str, Moment] = {}
    for call, moment in told:
        first.setdefault(call.rep_id or "", moment)
    speakers = [of.company.name_of(telling) for telling in _leaders_naming(initiative, of)]
    return Story(
        title=words.promised_early_title(initiative.name),
        sentences=(
            words.promised_early(
                [of.company.name_of(rep_id) for rep_id in list(first)[:MOST_REPS]],
                len(first),
                initiative.name,
                initiative.launched,
            ),
            words.who_had_spoken(initiative.name, speakers),
        ),
        moments=tuple(first.values())[:QUOTES],
        rep_ids=tuple(first),
        initiative_id=initiative.id,
    )


def _leaders_naming(initiative: Initiative, of: _Company) -> list[str]:
    found: dict[str, None] = {}
    for heard in of.hearings.leaders:
        said = of.said(heard.call.call_id)
        person = heard.call.rep_id or heard.call.extra.get("leader_id")
        if person and said and naming(initiative, list(enumerate(said.turns))):
            found.setdefault(person)
    return list(found)


def _gives_away(rep_id: str, of: _Company) -> bool:
    return any(_given_away(heard, of) is not None for heard in _latest(of.hearings.of_rep(rep_id)))


def _given_away(heard: Heard, of: _Company) -> Moment | None:
    found = given_away(rep_turns(of.said(heard.call.call_id)))
    return quoted_line(heard.call, heard.score.initiative_id, *found) if found else None


def _raised(rep_id: str, initiative: Initiative, of: _Company) -> list[Heard]:
    return [heard for heard in of.hearings.of_rep(rep_id) if heard.raised and heard.score.initiative_id == initiative.id]


def _won(rep_id: str, of: _Company) -> list[Heard]:
    """The rep's latest sales, each call once."""
    each: dict[str, Heard] = {}
    for heard in of.hearings.of_rep(rep_id):
        if won(heard.call) == 1:
            each.setdefault(heard.call.call_id, heard)
    return _latest(list(each.values()))


def _latest(hearings: Sequence[Heard]) -> list[Heard]:
    return list(hearings[-LATEST:])
