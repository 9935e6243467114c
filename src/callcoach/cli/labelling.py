"""Label the calls of a round in a terminal, or from a pipe: show the words, ask, keep each answer.

Shows no score and nobody else's answers.
"""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from callcoach.coaching import notation
from callcoach.coaching.notation import count, plain
from callcoach.judging import labelling

if TYPE_CHECKING:
    from callcoach.app.calibration import Session

TURNS_ON_A_PAGE = 12

HELP = (
    "Answer with the letter or the word. b: one step back. t: the words again. w: the story. q: stop, nothing is lost; the same "
    "command goes on here."
)


class _Stop(Exception):
    """The person stops for now."""


def label_round(console: Console, session: "Session", *, page: int | None) -> None:
    """Go through the calls that are left; once all are complete, make the answers final if the person says so.

    page: turns on a page, 0 for the whole call; None: TURNS_ON_A_PAGE at a terminal, the whole call from a pipe.
    """
    turns = (TURNS_ON_A_PAGE if sys.stdin.isatty() else 0) if page is None else page
    n = len(session.round.call_ids)
    if session.done:
        _say(console, f"You are done with {session.round.round_id}: {count(n, 'label')}, final.")
        return
    _say(
        console, f"Round {session.round.round_id}, {session.initiative.name}: {n - len(session.left)} of {count(n, 'call')} done."
    )
    _say(console, HELP)
    _story(console, session)
    try:
        while session.left:
            _label_call(console, session, session.left[0], turns or None)
        _finish(console, session)
    except _Stop:
        _say(console, f"Stopped: {n - len(session.left)} of {count(n, 'call')} done, all answers are kept. To go on:")
        _say(console, f"callcoach calibrate label {session.round.round_id} --person {session.person_id}")


def _label_call(console: Console, session: "Session", call_id: str, turns: int | None) -> None:
    place = session.round.call_ids.index(call_id) + 1
    _say(console, "")
    console.print(Text(f"Call {place} of {len(session.round.call_ids)}: {plain(call_id)}", style="bold"), soft_wrap=True)
    answers = dict(session.answers(call_id))
    _words(console, session, call_id, turns)
    while (question := labelling.next_question(session.initiative, answers)) is not None:
        typed = _ask(console, _prompt(question))
        match typed.strip().lower():
            case "b":
                if not answers:
                    _back_a_call(console, session, call_id)
                    return
                answers = labelling.one_back(session.initiative, answers)
                session.keep(call_id, answers)
            case "t":
                _words(console, session, call_id, turns)
            case "w":
                _story(console, session)
            case _:
                answer = question.read(typed, session.transcript(call_id))
                if answer is None:
                    _say(console, _no_answer(question))
                    continue
                answers = {**answers, question.name: answer}
                session.keep(call_id, answers)


def _back_a_call(console: Console, session: "Session", call_id: str) -> None:
    """From the first question of a call to the last answer of the one before it."""
    place = session.round.call_ids.index(call_id)
    if place == 0:
        _say(console, "This is the first call.")
        return
    before = session.round.call_ids[place - 1]
    session.keep(before, labelling.one_back(session.initiative, session.answers(before)))


def _finish(console: Console, session: "Session") -> None:
    while True:
        typed = _ask(console, "All calls are labelled. Make your answers final (y), or go one step back (b)? ")
        match typed.strip().lower():
            case "y" | "yes":
                session.finish(datetime.now(UTC))
                _say(console, f"Done: {count(len(session.round.call_ids), 'label')} kept. Next, once everybody is done:")
                _say(console, f"callcoach calibrate show {session.round.round_id}")
                return
            case "b":
                last = session.round.call_ids[-1]
                session.keep(last, labelling.one_back(session.initiative, session.answers(last)))
                _label_call(console, session, last, None)
            case _:
                continue


def _words(console: Console, session: "Session", call_id: str, turns: int | None) -> None:
    """The words of a call, page by page: Enter goes on, b goes back a page."""
    transcript = session.transcript(call_id)
    pages = labelling.pages(transcript, turns)
    number = 0
    while number < len(pages):
        for place in pages[number]:
            turn = transcript.turns[place]
            clock = notation.clock(turn.start) or "-"
            console.print(Text(f"{clock:>6} {turn.speaker:<9} {plain(turn.text)}"), soft_wrap=True)
        if number + 1 == len(pages):
            return
        typed = _ask(console, f"Page {number + 1} of {len(pages)}. Enter: next page, b: page before ").strip().lower()
        number = max(0, number - 1) if typed == "b" else number + 1


def _story(console: Console, session: "Session") -> None:
    story = session.initiative.story
    for name, text in (("wall", story.wall), ("hammer", story.hammer), ("part", story.part)):
        console.print(Text.assemble((f"{name}: ", "italic"), plain(text)), soft_wrap=True)


def _prompt(question: labelling.Question) -> str:
    if not question.choices:
        return f"{plain(question.text)}: "
    return f"{plain(question.text)} [{', '.join(_offered(question.choices))}]: "


def _offered(choices: Mapping[str, str]) -> list[str]:
    """Each answer once: the short way to type it and what it means."""
    short: dict[str, str] = {}
    for typed, kept in choices.items():
        short.setdefault(kept, typed)
    return [kept if typed == kept else f"{typed} {kept}" for kept, typed in short.items()]


def _no_answer(question: labelling.Question) -> str:
    if question.name == labelling.QUOTE:
        return "These words are not in the call. Copy them as they stand there, or press Enter for none."
    return f"Write one of {', '.join(_offered(question.choices))}; b, t, w or q."


def _ask(console: Console, prompt: str) -> str:
    console.print(Text(prompt), end="", soft_wrap=True)
    typed = sys.stdin.readline()
    if not typed or typed.strip().lower() == "q":
        console.print()
        raise _Stop
    if not sys.stdin.isatty():
        console.print(Text(typed.rstrip("\n")), soft_wrap=True)
    return typed.rstrip("\n")


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)
