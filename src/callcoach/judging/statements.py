"""Say in checkable sentences, with the very words that were said, what a judgement rests on. Knows nothing of heads.

Turns are counted from 0, as in the transcript JSON and the evidence. What stands between “ and ” is verbatim from that turn; the
side is the rep's unless it is said to be the customer's.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from callcoach.domain.signals import CUSTOMER_ACTS, Act, Signals
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Answer, CopiedRun, Evidence, Level, Verdict
from callcoach.judging.questions import WhyQuestion
from callcoach.judging.wording import content_stems, is_function_word, stem, word_spans, words_of

LONGEST_EXCERPT = 16
SHORTEST_EXCERPT = 3
READ_OUT = 6
"""So many words in a row of the script are no chance any more; fewer are told as not read."""

LONG_PAUSE_S = 1.5
_TOLD = 0.5
_NAMES = {
    Component.WALL: "Wall (why it exists)",
    Component.HAMMER: "Hammer (what the company does)",
    Component.PART: "Part (what it means for this customer)",
}
_LEVELS = {Level.MENTIONED: "only mentioned", Level.EXPLAINED: "told"}
_ANSWERS = {
    Answer.FULL: "was answered",
    Answer.PARTIAL: "was answered in part",
    Answer.DEFLECTS: "was put off with something else",
    Answer.NONE: "got no answer",
}
_CONCLUSIONS = {
    Verdict.EXPLAINS: "So the customer heard why this exists and why it matters to them.",
    Verdict.PARTIAL: "So part of the why came across.",
    Verdict.RECITES: "So the talk track was delivered without linking it to the customer.",
    Verdict.FACTS_ONLY: "So the customer heard what it is, and not why.",
    Verdict.STUMBLES: "So the rep tried or was asked, and could not connect it.",
    Verdict.NOT_RAISED: "So the rep did not present the initiative.",
}
_CLAUSE_END = re.compile(r"[.?!,;:…]+[\"'”’)]*(?=\s)|\s[-–—]+(?=\s)|—")
_SENTENCE_END = re.compile(r"[.?!]+[\"'”’)]*\s")
_EDGES = " \t\n.,;:…-–—"


def statements(
    initiative: Initiative,
    verdict: Verdict,
    levels: Mapping[Component, Level],
    signals: Signals,
    evidence: Sequence[Evidence],
    questions: Sequence[WhyQuestion],
    answer: Answer,
    copied: CopiedRun | None,
) -> tuple[str, ...]:
    """The chain from what was said to the verdict."""
    chain = [component_statement(initiative, component, level, signals, evidence) for component, level in levels.items()]
    chain += _links(evidence, questions)
    if verdict is not Verdict.NOT_RAISED or (copied is not None and copied.words >= READ_OUT):
        chain.append(_script(initiative, copied))
    chain += _manner(signals, evidence, copied)
    chain += _why(evidence, questions, answer)
    return (*chain, _CONCLUSIONS[verdict])


def component_statement(
    initiative: Initiative, component: Component, level: Level, signals: Signals, evidence: Sequence[Evidence]
) -> str:
    """In which turns a component is told, and in which words."""
    if level is Level.ABSENT:
        return f"{_NAMES[component]} not told."
    quotes = [quote for quote in evidence if quote.act == component.value]
    turns = sorted({quote.turn for quote in quotes} | set(_turns_with(signals, Act(component.value))))
    best = max(quotes, key=lambda quote: (quote.strength or 0.0, -quote.turn), default=None)
    told = f"{_NAMES[component]} {_LEVELS[level]} in {_listed(turns)}"
    if best is None:
        return f"{told}."
    about = content_stems(initiative.story.of(component))
    return f"{told}: “{excerpt(best.quote, about)}”." if turns == [best.turn] else f"{told}: {_cited(best, about)}."


def excerpt(quote: str, about: Iterable[str]) -> str:
    """The clauses of `quote` that hold most of the content stems `about`, verbatim, in at most LONGEST_EXCERPT words."""
    spans = word_spans(quote)
    if len(spans) <= LONGEST_EXCERPT:
        return quote.strip(_EDGES) or quote.strip()
    wanted = frozenset(about)
    words = words_of(quote)
    content = [len(word) > 2 and not is_function_word(word) for word in words]
    shared = [is_content and stem(word) in wanted for word, is_content in zip(words, content, strict=True)]
    ends = [match.end() for match in _CLAUSE_END.finditer(quote)]
    firsts = sorted({0, *(bisect_left(spans, (end, end)) for end in ends), len(spans)})
    best: tuple[int, int] | None = None
    best_worth = (-1, 0.0, 0)
    for place, first in enumerate(firsts[:-1]):
        for last in firsts[place + 1 :]:
            n_words = last - first
            if n_words > LONGEST_EXCERPT:
                break
            worth = (sum(shared[first:last]), sum(content[first:last]) / (n_words + 4), n_words)
            if n_words >= SHORTEST_EXCERPT and worth > best_worth:
                best, best_worth = (first, last), worth
    if best is None:
        return _first_words(quote)
    end = spans[best[1]][0] if best[1] < len(spans) else len(quote)
    return quote[spans[best[0]][0] : end].strip(_EDGES)


def _links(evidence: Sequence[Evidence], questions: Sequence[WhyQuestion]) -> list[str]:
    """The rep's line beside the customer's line it takes up, the strongest for each customer line; questions come later."""
    asked = {question.turn for question in questions}
    heard = {quote.turn: quote for quote in evidence if quote.act in CUSTOMER_ACTS and quote.turn not in asked}
    told: dict[int, Evidence] = {}
    for quote in evidence:
        line = quote.reply_to
        if line is None or line not in heard or quote.act not in (Act.WALL, Act.PART):
            continue
        if line not in told or (quote.strength or 0.0) > (told[line].strength or 0.0):
            told[line] = quote
    return [_link(heard[line], quote) for line, quote in sorted(told.items())]


def _link(line: Evidence, quote: Evidence) -> str:
    verb = "answers" if line.act == Act.ASK else "takes up"
    return f"{_cited(quote, content_stems(line.quote))} {verb} the customer's {_cited(line, content_stems(quote.quote))}."


def _script(initiative: Initiative, copied: CopiedRun | None) -> str:
    if not initiative.script.strip():
        return "There is no script to compare with."
    if copied is None:
        return "The script was not read: no run of words was copied."
    if copied.words < READ_OUT:
        return f"The script was not read: longest copied run {copied.words} words, “{copied.said}” (turn {copied.turn})."
    share = round(100 * copied.share_of_turn)
    begins = " beginning" if len(words_of(copied.said)) > LONGEST_EXCERPT else ""
    return (
        f"{copied.words} words in a row are the script's,{begins} “{_first_words(copied.said)}” (turn {copied.turn}); "
        f"{share}% of that turn is script."
    )


def _manner(signals: Signals, evidence: Sequence[Evidence], copied: CopiedRun | None) -> list[str]:
    found = []
    recited = [
        turn for turn in _turns_with(signals, Act.RECITE) if copied is None or turn != copied.turn or copied.words < READ_OUT
    ]
    for turns, act, what in (
        (recited, Act.RECITE, "Sounds read out or canned"),
        (_turns_with(signals, Act.STUMBLE), Act.STUMBLE, "Hesitates or cannot connect"),
    ):
        if turns:
            quoted = next((quote for quote in evidence if quote.act == act and quote.turn in turns), None)
            said = (
                ""
                if quoted is None
                else f": “{excerpt(quoted.quote, ())}”"
                if turns == [quoted.turn]
                else f": {_cited(quoted, ())}"
            )
            found.append(f"{what} in {_listed(turns)}{said}.")
    return found


def _why(evidence: Sequence[Evidence], questions: Sequence[WhyQuestion], answer: Answer) -> list[str]:
    if not questions:
        return ["The customer did not ask why."]
    asks = {quote.turn: quote for quote in evidence if quote.act == Act.ASK}
    asked = [asks[question.turn] for question in questions]
    first = max(asked, key=lambda quote: (quote.strength or 0.0, -quote.turn))
    others = [quote.turn for quote in asked if quote is not first]
    again = f", and again in {_listed(others)}" if others else ""
    sentence = f"The customer asked why or what it means for them, {_cited(first, ())}{again}; that {_ANSWERS[answer]}"
    replies = [quote for quote in evidence if quote.act == Act.ANSWER and quote.reply_to == first.turn]
    chain = [f"{sentence}: {_cited(replies[0], content_stems(first.quote))}." if replies else f"{sentence}."]
    pauses = [question.pause_s for question in questions if question.pause_s is not None and question.pause_s > LONG_PAUSE_S]
    return [*chain, f"The pause before the answer was {max(pauses):.1f} seconds."] if pauses else chain


def _cited(quote: Evidence, about: Iterable[str]) -> str:
    said = _question(quote.quote) if quote.act == Act.ASK else None
    return f"“{said or excerpt(quote.quote, about)}” (turn {quote.turn})"


def _question(text: str) -> str | None:
    """The last question of a text, its first words where it is long; None where nothing is asked."""
    if "?" not in text:
        return None
    asked = text[: text.rindex("?") + 1]
    begin = max((match.end() for match in _SENTENCE_END.finditer(asked[:-1])), default=0)
    question = asked[begin:].strip()
    return question if len(words_of(question)) <= LONGEST_EXCERPT else _first_words(question)


def _first_words(text: str) -> str:
    spans = word_spans(text)
    return text.strip() if len(spans) <= LONGEST_EXCERPT else text[spans[0][0] : spans[LONGEST_EXCERPT - 1][1]]


def _turns_with(signals: Signals, act: Act) -> list[int]:
    return [turn.turn for turn in signals.turns if turn.acts.get(act, 0.0) >= _TOLD]


def _listed(turns: Sequence[int]) -> str:
    if len(turns) == 1:
        return f"turn {turns[0]}"
    return f"turns {', '.join(map(str, turns[:-1]))} and {turns[-1]}"
