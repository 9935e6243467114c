"""Join what each voice said, as formats give it piece by piece, into the turns of a transcript. Knows no format.

The text of a turn with words is exactly the words joined by single spaces, and no word holds a space: a quote cut from the text
finds its times among the words.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from callcoach.domain.call import Transcript, Turn, Word
from callcoach.intake.facts import checked_call_id
from callcoach.intake.transcripts.asked import Asked, WrongPlace
from callcoach.intake.transcripts.speakers import Voice, finding, labels
from callcoach.intake.transcripts.word_times import Spoken, words_of

PAUSE_ENDS_TURN = 2.0
"""Seconds. A speaker who goes on after less is still in the same turn: pieces are cut for reading, every few words."""

PAUSE = 0.3
"""Seconds. A longer pause within one voice's words lets another voice's words in between, as in our own turns."""

SLACK, SLACK_SHARE = 2.0, 0.02
"""Words may end this much after the recording (seconds, and share of its length): recognisers and containers round."""


class Said(NamedTuple):
    """What one voice said without a break: words with times where the format has them, else only text. Seconds."""

    voice: Voice
    text: str
    start: float | None
    end: float | None
    words: tuple[Word, ...] = ()


def said(
    voice: Voice, spoken: Sequence[Spoken], *, text: str | None = None, within: tuple[float, float] | None = None
) -> Iterator[Said]:
    """A piece of talk with the text of its words; `text` stands in where no word has a usable time. Nothing without words."""
    words = words_of(spoken, within)
    if words:
        yield Said(
            voice,
            " ".join(word.text for word in words),
            min(words[0].start, within[0]) if within else words[0].start,
            max(max(word.end for word in words), within[1] if within else 0.0),
            words,
        )
        return
    glued = "".join(("" if one.punctuation else " ") + one.text for one in spoken)
    if plain := " ".join((text or glued).split()):
        yield Said(voice, plain, within[0] if within else None, within[1] if within else None)


def by_voice(spoken: Iterable[tuple[Voice, Spoken]]) -> Iterator[Said]:
    """A stream of words of several voices: each voice's words, cut wherever somebody else could come in.

    A run of one voice's words without usable times stays together as text.
    """
    runs: list[tuple[Voice, list[Spoken]]] = []
    for voice, one in spoken:
        if runs and (runs[-1][0] == voice or one.punctuation):
            runs[-1][1].append(one)
        else:
            runs.append((voice, [one]))
    timed: dict[Voice, list[Word]] = {}
    for voice, run in runs:
        if words := words_of(run, None):
            timed.setdefault(voice, []).extend(words)
        else:
            yield from said(voice, run)
    for voice, words_in_order in timed.items():
        yield from _cut_at_pauses(voice, words_in_order)


def transcript_of(
    pieces: Iterable[Said],
    asked: Asked,
    *,
    call_id: str | None = None,
    language: str | None = None,
    duration: float | None = None,
) -> Transcript:
    """Pieces in the order of their starts; neighbours of one voice without a long pause between them become one turn.

    call_id and duration (seconds) are the file's own. Raises WrongPlace where there are no words, or words after the end of the
    recording.
    """
    ordered = list(pieces)
    if not ordered:
        raise WrongPlace("there are no words in it. Export the call anew once it is transcribed.")
    if all(piece.start is not None for piece in ordered):
        ordered.sort(key=lambda piece: piece.start or 0.0)
    label = labels((piece.voice for piece in ordered), asked.rep_names)
    turns = tuple(_turn(label[group[0].voice], group) for group in _groups(ordered))
    last = max((turn.end for turn in turns if turn.end is not None), default=None)
    check_length(last, duration)
    check_length(last, asked.seconds)
    known = duration if duration is not None else asked.seconds
    return Transcript(
        call_id=checked_call_id(asked.call_id or call_id or asked.else_call_id),
        turns=turns,
        language=language,
        duration=known if last is None else max(known or 0.0, last),
        roles=finding(turns),
    )


def check_length(last: float | None, seconds: float | None) -> None:
    """Raises WrongPlace where the last word ends well after the recording."""
    if last is not None and seconds is not None and last > seconds * (1 + SLACK_SHARE) + SLACK:
        raise WrongPlace(
            f"its words go on until {last:.1f} s, but the recording is {seconds:.1f} s long. "
            "Check that it is the transcript of this call and that its times are in the format's own unit."
        )


def _groups(pieces: Sequence[Said]) -> list[list[Said]]:
    groups: list[list[Said]] = []
    for piece in pieces:
        before = groups[-1][-1] if groups else None
        if before and before.voice == piece.voice and _goes_on(before, piece):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _goes_on(before: Said, after: Said) -> bool:
    return before.end is not None and after.start is not None and after.start - before.end < PAUSE_ENDS_TURN


def _turn(speaker: str, pieces: Sequence[Said]) -> Turn:
    timed = all(piece.words for piece in pieces)
    ends = [piece.end for piece in pieces if piece.end is not None]
    return Turn(
        speaker=speaker,
        text=" ".join(piece.text for piece in pieces),
        start=pieces[0].start,
        end=max(ends) if ends else None,
        words=tuple(word for piece in pieces for word in piece.words) if timed else (),
    )


def _cut_at_pauses(voice: Voice, words: Sequence[Word]) -> Iterator[Said]:
    piece: list[Word] = []
    for word in words:
        if piece and (word.start - piece[-1].end > PAUSE or word.start < piece[-1].start):
            yield _piece(voice, piece)
            piece = []
        piece.append(word)
    if piece:
        yield _piece(voice, piece)


def _piece(voice: Voice, words: Sequence[Word]) -> Said:
    return Said(voice, " ".join(word.text for word in words), words[0].start, max(word.end for word in words), tuple(words))
