"""Make turns of the words of each channel: one speaker's uninterrupted talk, in an order that reads well. Knows no audio.

The text of a turn is exactly its words' texts joined by single spaces, and no word holds a space: a quote cut from the text at
word borders is verbatim, and its place among the words gives its times.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callcoach.domain.call import Turn, Word

# a pause in which the other party can take the floor; shorter ones lie within a sentence
PAUSE = 0.3
# about the length of a rep's turn in which something is told (labelled calls: 38 words where wall or hammer is tagged)
PARAGRAPH_WORDS = 30
# a speaker who goes on within this time after a "mm-hmm" never gave up the floor
FLOOR_KEPT = 0.6
BACKCHANNEL = re.compile(
    r"a+h+|aha|all ?right|gotcha|h+m+|huh|m+|mm?-?hm+|oh+|ok|okay|right|sure|uh-?huh|wow|yeah|yep|yes|yup", re.IGNORECASE
)
BACKCHANNEL_WORDS = 2


@dataclass(frozen=True, slots=True)
class _Stretch:
    speaker: str
    words: tuple[Word, ...]

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return self.words[-1].end

    @property
    def is_backchannel(self) -> bool:
        said = [word.text.strip(".,!?…\"'-") for word in self.words]
        return len(said) <= BACKCHANNEL_WORDS and all(map(BACKCHANNEL.fullmatch, said))


def build_turns(words: Mapping[str, Sequence[Word]]) -> tuple[Turn, ...]:
    """Turns from each speaker's words in time order.

    A turn ends where another speaker begins to talk, never at a pause alone. Where both talk at once, each keeps the true times
    and turns stand in the order of their starts. A "mm-hmm" while the other goes on is a turn of its own and splits nothing: it
    stands after the turn it lies in.
    """
    stretches = {speaker: _stretches(speaker, spoken) for speaker, spoken in words.items()}
    everything = sorted(
        (stretch for spoken in stretches.values() for stretch in spoken),
        key=lambda stretch: (stretch.start, stretch.end, stretch.speaker),
    )
    turns: list[list[_Stretch]] = []
    asides: list[list[_Stretch]] = []
    for stretch in everything:
        others = (spoken for speaker, spoken in stretches.items() if speaker != stretch.speaker)
        if stretch.is_backchannel and any(_talks_on(spoken, stretch) for spoken in others):
            asides.append([stretch])
        elif turns and turns[-1][0].speaker == stretch.speaker:
            turns[-1].append(stretch)
        else:
            turns.append([stretch])
    return tuple(sorted(map(_turn, turns + asides), key=lambda turn: turn.start or 0.0))


def paragraphs(turn: Turn) -> tuple[Turn, ...]:
    """One person's long talk cut where a sentence ends in a pause: turns as long as those of a conversation.

    A minute of talk as one turn is more than a sentence encoder reads, and nobody finds a place in it.
    """
    cut: list[list[Word]] = [[]]
    for word in turn.words:
        before = cut[-1]
        if len(before) >= PARAGRAPH_WORDS and before[-1].text.endswith((".", "?", "!")) and word.start - before[-1].end > PAUSE:
            cut.append([])
        cut[-1].append(word)
    return tuple(_turn([_Stretch(turn.speaker, tuple(words))]) for words in cut if words)


def _stretches(speaker: str, words: Sequence[Word]) -> list[_Stretch]:
    stretches: list[list[Word]] = []
    for word in words:
        if stretches and word.start - stretches[-1][-1].end <= PAUSE:
            stretches[-1].append(word)
        else:
            stretches.append([word])
    return [_Stretch(speaker, tuple(spoken)) for spoken in stretches]


def _talks_on(spoken: Sequence[_Stretch], aside: _Stretch) -> bool:
    """Whether the speaker of `spoken` talks through `aside` or hardly halts for it. After a question it answers: no aside."""
    for number, stretch in enumerate(spoken):
        if stretch.start <= aside.start and aside.end <= stretch.end:
            return True
        following = spoken[number + 1] if number + 1 < len(spoken) else None
        if following and stretch.start <= aside.start < following.start:
            asked = stretch.words[-1].text.rstrip("\"'”").endswith("?")
            return not asked and following.start - stretch.end <= FLOOR_KEPT
    return False


def _turn(stretches: Sequence[_Stretch]) -> Turn:
    words = tuple(word for stretch in stretches for word in stretch.words)
    return Turn(
        speaker=stretches[0].speaker,
        text=" ".join(word.text for word in words),
        start=words[0].start,
        end=max(word.end for word in words),
        words=words,
    )
