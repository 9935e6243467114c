"""Choose the quotes a judgement rests on: verbatim pieces of turns, with times. Knows nothing of models or verdicts.

A quote is a whole sentence (or a short one with its neighbour); a rep's quote that builds on a customer's line names that line,
and the line is quoted too.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

from callcoach.domain.call import Transcript, Turn
from callcoach.domain.signals import CUSTOMER_ACTS, Act, SentenceSignals, Signals, TurnSignals
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import CopiedRun, Evidence, Level
from callcoach.judging.questions import WhyQuestion
from callcoach.judging.uptake import shared_content, story_stems
from callcoach.judging.wording import manner, words_of

SHORTEST_QUOTE_WORDS = 6
LONGEST_QUOTE_WORDS = 45
LINK_WORTH_SHOWING = 0.25
LINE_WORTH_SHOWING = 0.3
"""Below this the customer's line is neither a need nor a why-question: nothing to build on, however alike the words."""

_SECOND_QUOTE = 0.7
"""A first quote is shown whatever its strength, a second one only where little doubt is left."""

_SHARED_WORD = 0.05


def choose_evidence(
    transcript: Transcript,
    initiative: Initiative,
    signals: Signals,
    levels: Mapping[Component, Level],
    questions: Sequence[WhyQuestion],
    copied: CopiedRun | None,
    shown_acts: Iterable[Act],
) -> tuple[Evidence, ...]:
    """Quotes for each component above level 0, for each why-question with its answer, and for `shown_acts` (recite, stumble)."""
    by_turn = {turn.turn: turn for turn in signals.turns}
    stems = story_stems(initiative)
    found: list[Evidence] = []
    for component, level in levels.items():
        if level > Level.ABSENT:
            found += _of_component(transcript, by_turn, component, level, stems)
    for question in questions:
        found.append(
            _quote(transcript, question.turn, _asking_sentence(transcript, by_turn[question.turn]), Act.ASK, question.probability)
        )
        answer = max(question.answers, key=lambda number: by_turn[number].acts.get(Act.ANSWER, 0.0), default=None)
        if answer is not None:
            sentence = _first_content_sentence(transcript, by_turn[answer])
            strength = by_turn[answer].acts.get(Act.ANSWER, 0.0)
            found.append(_quote(transcript, answer, sentence, Act.ANSWER, strength, reply_to=question.turn))
    for act in shown_acts:
        if act is Act.RECITE and copied is not None:
            begin = transcript.turns[copied.turn].text.index(copied.said)
            span = begin, begin + len(copied.said)
            found.append(_quote(transcript, copied.turn, span, act, by_turn[copied.turn].acts.get(act, 0.0)))
            continue
        strongest = max(by_turn.values(), key=lambda turn: (turn.acts.get(act, 0.0), -turn.turn), default=None)
        if strongest is not None and strongest.acts.get(act, 0.0) > 0:
            span = _act_sentence(transcript, strongest, act)
            found.append(_quote(transcript, strongest.turn, span, act, strongest.acts[act]))
    found += _lines_built_on(transcript, by_turn, found)
    return tuple(dict.fromkeys(found))


def _of_component(
    transcript: Transcript, by_turn: Mapping[int, TurnSignals], component: Component, level: Level, stems: frozenset[str]
) -> list[Evidence]:
    act = Act(component.value)

    def strength(turn: TurnSignals) -> float:
        told = turn.acts.get(act, 0.0)
        return 0.5 * told + 0.5 * turn.explained.get(component.value, 0.0) if level is Level.EXPLAINED else told

    ranked = sorted((turn for turn in by_turn.values() if act in turn.acts), key=lambda turn: (-strength(turn), turn.turn))
    ranked = [turn for turn in ranked if transcript.turns[turn.turn].text.strip()]
    chosen = ranked[:1] + [turn for turn in ranked[1:2] if strength(turn) >= _SECOND_QUOTE]
    quotes = []
    for turn in sorted(chosen, key=lambda turn: turn.turn):
        link = _shown_link(turn, by_turn)
        heard = "" if link is None else transcript.turns[link].text
        span = _component_sentence(transcript, turn, component, heard, stems)
        reply_to = None if component is Component.HAMMER else link
        quotes.append(_quote(transcript, turn.turn, span, act, turn.acts[act], reply_to=reply_to))
    return quotes


def _shown_link(turn: TurnSignals, by_turn: Mapping[int, TurnSignals]) -> int | None:
    """The customer turn a rep turn builds on, where both the link and the need or question in it are likely enough."""
    if turn.link is None or (turn.link_strength or 0.0) < LINK_WORTH_SHOWING:
        return None
    asks_or_needs = max((by_turn[turn.link].acts.get(act, 0.0) for act in CUSTOMER_ACTS), default=0.0)
    return turn.link if asks_or_needs >= LINE_WORTH_SHOWING else None


def _component_sentence(
    transcript: Transcript, turn: TurnSignals, component: Component, heard: str, stems: frozenset[str]
) -> tuple[int, int]:
    text = transcript.turns[turn.turn].text

    def fitness(sentence: SentenceSignals) -> float:
        said = text[sentence.begin : sentence.end]
        shared = len(shared_content(heard, said, stems)) if component is Component.PART else 0
        return sentence.closeness.get(component.value, 0.0) + _SHARED_WORD * shared + (0.0 if len(words_of(said)) > 3 else -0.5)

    return _grown(text, turn, max(turn.sentences, key=fitness, default=None))


def _act_sentence(transcript: Transcript, turn: TurnSignals, act: Act) -> tuple[int, int]:
    text = transcript.turns[turn.turn].text

    def fitness(sentence: SentenceSignals) -> float:
        said = manner(text[sentence.begin : sentence.end])
        if act is Act.STUMBLE:
            return 2.0 * said.hedges + said.fillers + 0.02 * min(said.words, 20)
        return max(sentence.closeness.values(), default=0.0)

    return _grown(text, turn, max(turn.sentences, key=fitness, default=None))


def _asking_sentence(transcript: Transcript, turn: TurnSignals) -> tuple[int, int]:
    text = transcript.turns[turn.turn].text
    asking = [sentence for sentence in turn.sentences if "?" in text[sentence.begin : sentence.end]]
    return _grown(text, turn, asking[-1] if asking else (turn.sentences[-1] if turn.sentences else None))


def _first_content_sentence(transcript: Transcript, turn: TurnSignals) -> tuple[int, int]:
    text = transcript.turns[turn.turn].text
    long_enough = [s for s in turn.sentences if len(words_of(text[s.begin : s.end])) >= SHORTEST_QUOTE_WORDS]
    return _grown(text, turn, next(iter(long_enough or turn.sentences), None))


def _lines_built_on(transcript: Transcript, by_turn: Mapping[int, TurnSignals], quotes: Sequence[Evidence]) -> list[Evidence]:
    """The customer lines that quotes reply to and that are not quoted yet."""
    quoted = {quote.turn for quote in quotes if quote.act in (Act.ASK, Act.NEED)}
    lines = []
    for number in sorted({quote.reply_to for quote in quotes if quote.reply_to is not None} - quoted):
        turn = by_turn[number]
        act = Act.ASK if turn.acts.get(Act.ASK, 0.0) > turn.acts.get(Act.NEED, 0.0) else Act.NEED
        replies = [transcript.turns[quote.turn].text for quote in quotes if quote.reply_to == number]
        text = transcript.turns[number].text

        def fitness(sentence: SentenceSignals, text: str = text, replies: Sequence[str] = replies) -> tuple[int, int]:
            said = text[sentence.begin : sentence.end]
            return sum(len(shared_content(said, reply, frozenset())) for reply in replies), len(said)

        span = _grown(text, turn, max(turn.sentences, key=fitness, default=None))
        lines.append(_quote(transcript, number, span, act, turn.acts.get(act, 0.0)))
    return lines


def _grown(text: str, turn: TurnSignals, sentence: SentenceSignals | None) -> tuple[int, int]:
    """A sentence too short to stand alone takes the next one with it (or the one before); none at all: the whole turn."""
    if sentence is None:
        begin = len(text) - len(text.lstrip())
        return begin, begin + len(text.strip())
    begin, end = sentence.begin, sentence.end
    if len(words_of(text[begin:end])) < SHORTEST_QUOTE_WORDS:
        place = turn.sentences.index(sentence)
        if place + 1 < len(turn.sentences) and len(words_of(text[begin : turn.sentences[place + 1].end])) <= LONGEST_QUOTE_WORDS:
            end = turn.sentences[place + 1].end
        elif place and len(words_of(text[turn.sentences[place - 1].begin : end])) <= LONGEST_QUOTE_WORDS:
            begin = turn.sentences[place - 1].begin
    return begin, end


def _quote(
    transcript: Transcript, number: int, span: tuple[int, int], act: Act, strength: float, *, reply_to: int | None = None
) -> Evidence:
    turn = transcript.turns[number]
    start, end = times_of(turn, *span)
    return Evidence(
        act=act.value,
        turn=number,
        quote=turn.text[span[0] : span[1]],
        start=start,
        end=end,
        strength=round(strength, 4),
        reply_to=reply_to,
    )


def times_of(turn: Turn, begin: int, end: int) -> tuple[float | None, float | None]:
    """When characters `begin`..`end` of a turn were said: from word times, else the turn's own times, else None."""
    return times_of_all(turn, [(begin, end)])[0]


def times_of_all(turn: Turn, spans: Sequence[tuple[int, int]]) -> list[tuple[float | None, float | None]]:
    """`times_of` for several spans of one turn, its words looked up once."""
    if not turn.words:
        return [(turn.start, turn.end)] * len(spans)
    places = words_in_text(turn)
    if places is None:
        # words and text were written differently (a repaired name): fall back to the same share of the turn
        n_chars, n_words = max(len(turn.text), 1), len(turn.words)
        found: list[tuple[float | None, float | None]] = []
        for begin, end in spans:
            first = min(int(begin / n_chars * n_words), n_words - 1)
            last = min(max(int(end / n_chars * n_words + 0.999) - 1, first), n_words - 1)
            found.append((turn.words[first].start, turn.words[last].end))
        return found
    begins, ends = [begin for begin, _ in places], [end for _, end in places]
    times: list[tuple[float | None, float | None]] = []
    for begin, end in spans:
        first, last = bisect_right(ends, begin), bisect_left(begins, end) - 1
        times.append((turn.words[first].start, turn.words[last].end) if first <= last else (turn.start, turn.end))
    return times


def words_in_text(turn: Turn) -> list[tuple[int, int]] | None:
    """Where each word of a turn stands in its text; None where words and text were written differently."""
    place, places = 0, []
    for word in turn.words:
        spoken = word.text.strip()
        found = turn.text.find(spoken, place)
        if not spoken or found < 0:
            return None
        place = found + len(spoken)
        places.append((found, place))
    return places
