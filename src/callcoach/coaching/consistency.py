"""Lay leaders' tellings of an initiative side by side, and name where two lines differ. Claims only what quotes show.

Two lines differ where one leader tells a component that another leaves out, where they give another figure of the same thing or
another day for the same step, or where one sets a limit that the story does not have. Who is right nobody is told.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from callcoach.coaching import around_wording as words
from callcoach.coaching.figures import Figure, days_in, figures_in
from callcoach.coaching.heard import Heard, Hearings
from callcoach.coaching.leaders import speaker
from callcoach.coaching.leaders_words import Line, as_said, content_words, nearest, passage, quoted
from callcoach.coaching.notation import first_sentences, sentence_spans
from callcoach.domain.around import About, Consistency, LeaderSaid, ToldDifferently
from callcoach.domain.call import Transcript
from callcoach.domain.coaching import Moment
from callcoach.domain.people import Company
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Level

LEAST_SHARED = 2
"""Content words a leader's sentence and one of the story's share before they are said to be about the same."""

LEAST_NEAR = 2
"""Words of a part that no other part has; one alone is too little to have come near it."""

MOST_DIFFERENCES = 6
_LIMITS = re.compile(r"\b(?:not|never|without|only|cannot)\b|n[’']t\b", re.IGNORECASE)

Said = Callable[[str], Transcript | None]


class _Telling(NamedTuple):
    heard: Heard
    said: LeaderSaid
    lines: tuple[Line, ...]


def consistency(
    hearings: Hearings, initiative: Initiative, initiatives: Sequence[Initiative], company: Company, *, said: Said
) -> Consistency | None:
    """How each recorded leader told it and where two differ; None where none was recorded on it. said: a recording's words.

    Worked out once per hearings and initiative.
    """
    key = consistency, initiative.id
    if key not in hearings.computed:
        hearings.computed[key] = _compared(hearings, initiative, initiatives, company, said)
    found: Consistency | None = hearings.computed[key]
    return found


def _compared(
    hearings: Hearings, initiative: Initiative, initiatives: Sequence[Initiative], company: Company, said: Said
) -> Consistency | None:
    tellings = [
        _telling(heard, initiative, initiatives, said)
        for heard in hearings.leaders
        if heard.score.initiative_id == initiative.id and heard.raised
    ]
    if not tellings:
        return None
    names = {
        each.said.call_id: company.name_of(each.said.person_id) if each.said.person_id else each.said.call_id for each in tellings
    }
    differences = (
        *_by_component(tellings, names, initiative),
        *_by_figures(tellings, names, initiative),
        *_by_limits(tellings, names, initiative),
    )
    return Consistency(
        sentence=words.consistency(initiative.name, [names[each.said.call_id] for each in tellings], differ=bool(differences)),
        leaders=tuple(each.said for each in tellings),
        differences=differences[:MOST_DIFFERENCES],
    )


def _telling(heard: Heard, initiative: Initiative, initiatives: Sequence[Initiative], said: Said) -> _Telling:
    transcript = said(heard.call.call_id)
    lines = passage(transcript, initiative, initiatives) if transcript else ()
    person = speaker(heard.call)
    quotes = [quoted(line, heard.call, initiative.id, person) for line in nearest(lines, initiative)]
    levels = heard.score.levels
    judged = [component for component in Component if component in levels]
    heard_of = [component for component in judged if levels[component] > Level.ABSENT]
    told = [component for component in heard_of if _words_shared(_evidence(heard, component).quote, initiative, component)]
    all_words = " ".join(line.text for line in lines)
    touched = {
        component: shared
        for component in judged
        if component not in heard_of and len(shared := _words_of_it_alone(all_words, initiative, component)) >= LEAST_NEAR
    }
    return _Telling(
        heard,
        LeaderSaid(
            call_id=heard.call.call_id,
            person_id=person,
            started_at=heard.call.started_at,
            told=tuple(told),
            other_words=tuple(component for component in heard_of if component not in told),
            touched=touched,
            left_out=tuple(component for component in judged if lines and component not in heard_of and component not in touched),
            quotes=tuple(quotes) or tuple(_evidence(heard, component) for component in heard_of)[:1],
        ),
        lines,
    )


def _words_shared(text: str, initiative: Initiative, component: Component) -> frozenset[str]:
    return content_words(text) & content_words(initiative.story.of(component))


def _words_of_it_alone(text: str, initiative: Initiative, component: Component) -> tuple[str, ...]:
    """Words that this component of the story has and no other, as they were said."""
    others = frozenset[str]().union(*(content_words(initiative.story.of(other)) for other in Component if other is not component))
    return as_said(text, _words_shared(text, initiative, component) - others)


def _evidence(heard: Heard, component: Component) -> Moment:
    quote = next(each for each in heard.score.evidence if each.act == component.value)
    line = Line(turn=quote.turn, text=quote.quote, start=quote.start, end=quote.end)
    return quoted(line, heard.call, heard.score.initiative_id, speaker(heard.call))


def _by_component(tellings: Sequence[_Telling], names: Mapping[str, str], initiative: Initiative) -> Iterator[ToldDifferently]:
    """A component told in words the story does not have, beside the story's; or told by some and left out by others."""
    for component in Component:
        for each in tellings:
            if component in each.said.other_words:
                yield ToldDifferently(
                    about=About.COMPONENT,
                    sentence=words.other_words(component, names[each.said.call_id]),
                    one=each.said.quotes[0] if each.said.quotes else _evidence(each.heard, component),
                    story=first_sentences(initiative.story.of(component), 1),
                )
        tell = [each for each in tellings if component in each.said.told]
        leave = [each for each in tellings if component in each.said.left_out and each.said.quotes]
        if not tell or not leave:
            continue
        yield ToldDifferently(
            about=About.COMPONENT,
            sentence=words.left_out(
                component, [names[each.said.call_id] for each in tell], [names[each.said.call_id] for each in leave]
            ),
            one=_evidence(tell[0].heard, component),
            other=leave[0].said.quotes[0],
        )


class _Place(NamedTuple):
    """A figure or a day with the line it stands in."""

    telling: _Telling
    line: Line
    figure: Figure


def _by_figures(tellings: Sequence[_Telling], names: Mapping[str, str], initiative: Initiative) -> Iterator[ToldDifferently]:
    """Another figure of the same thing, or another day for the same step: between two leaders, else beside the story's."""
    for about, read in ((About.FIGURE, figures_in), (About.DAY, days_in)):
        places = [_Place(each, line, figure) for each in tellings for line in each.lines for figure in read(line.text)]
        told = [(sentence, figure) for sentence in _sentences_of(initiative) for figure in read(sentence)]
        for place in places:
            same = [(sentence, figure) for sentence, figure in told if figure.is_about(place.figure)]
            if same and all(figure.amount != place.figure.amount for _, figure in same):
                yield ToldDifferently(
                    about=about,
                    sentence=words.other_figure(names[place.telling.said.call_id], None, about),
                    one=_moment(place, initiative),
                    story=same[0][0],
                )
        for first, second in combinations(places, 2):
            other_speaker = first.telling.said.call_id != second.telling.said.call_id
            if other_speaker and first.figure.is_about(second.figure) and first.figure.amount != second.figure.amount:
                yield ToldDifferently(
                    about=about,
                    sentence=words.other_figure(names[first.telling.said.call_id], names[second.telling.said.call_id], about),
                    one=_moment(first, initiative),
                    other=_moment(second, initiative),
                )


def _by_limits(tellings: Sequence[_Telling], names: Mapping[str, str], initiative: Initiative) -> Iterator[ToldDifferently]:
    """A leader's sentence with a not or an only, on what the story says without one; the nearest sentence of each leader."""
    story = [sentence for sentence in _sentences_of(initiative) if not _LIMITS.search(sentence)]
    for telling in tellings:
        found = [
            (len(shared), line, sentence)
            for line in telling.lines
            for limited in _sentences(line.text)
            if _LIMITS.search(limited)
            for sentence in story
            if len(shared := content_words(limited) & content_words(sentence)) >= LEAST_SHARED
        ]
        if found:
            _, line, sentence = max(found, key=lambda each: each[0])
            person = telling.said.person_id
            yield ToldDifferently(
                about=About.LIMIT,
                sentence=words.limited(names[telling.said.call_id]),
                one=quoted(line, telling.heard.call, initiative.id, person),
                story=sentence,
            )


def _moment(place: _Place, initiative: Initiative) -> Moment:
    return quoted(place.line, place.telling.heard.call, initiative.id, place.telling.said.person_id)


def _sentences_of(initiative: Initiative) -> list[str]:
    story = initiative.story
    return [sentence for text in (story.wall, story.hammer, *initiative.facts) for sentence in _sentences(text)]


def _sentences(text: str) -> list[str]:
    line = " ".join(text.split())
    return [part for begin, end in sentence_spans(line) if (part := line[begin:end].strip())]
