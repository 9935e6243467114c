"""Write a call by hand in a test: `make_call("rep 0:04 Hello there. / customer 0:07 Hi.")`. Knows nothing of models or files.

It ships with the package so that people who extend callcoach can write their tests the same way.
"""

import re

from callcoach.domain.call import Transcript, Turn, Word

SECONDS_PER_WORD = 0.3

_TURN = re.compile(r"^(?P<speaker>[a-z]+\d*)(?:\s+(?P<minutes>\d+):(?P<seconds>\d\d(?:\.\d+)?))?(?:\s+(?P<text>.*))?$", re.DOTALL)


def make_call(script: str, *, call_id: str = "call", language: str | None = "en") -> Transcript:
    """A transcript from `speaker m:ss text` turns divided by ` / ` or line ends.

    Turns with a time get evenly spaced word times of at most 0.3 s a word, fitted before the next turn's start; turns without
    one (`rep Hello.`) get no times and no words. Raises ValueError where a turn cannot be read.
    """
    parts = [part.strip() for part in re.split(r"\s/\s|\n", script) if part.strip()]
    heads = [_TURN.match(part) for part in parts]
    for part, head in zip(parts, heads, strict=True):
        if head is None:
            raise ValueError(f'Cannot read the turn "{part[:60]}". Write it as "rep 0:04 Hello there."')
    found = [head for head in heads if head is not None]
    starts = [None if head["minutes"] is None else 60 * int(head["minutes"]) + float(head["seconds"]) for head in found]
    turns = []
    for number, head in enumerate(found):
        text, start = head["text"] or "", starts[number]
        if start is None:
            turns.append(Turn(speaker=head["speaker"], text=text))
            continue
        said = text.split()
        following = next((later for later in starts[number + 1 :] if later is not None and later > start), None)
        step = SECONDS_PER_WORD
        if following is not None and said:
            step = min(step, (following - start) / len(said))
        words = tuple(
            Word(text=word, start=round(start + step * place, 3), end=round(start + step * (place + 1), 3), probability=1.0)
            for place, word in enumerate(said)
        )
        turns.append(Turn(speaker=head["speaker"], text=text, start=start, end=words[-1].end if words else start, words=words))
    last = max((turn.end for turn in turns if turn.end is not None), default=None)
    return Transcript(call_id=call_id, turns=tuple(turns), language=language, duration=last)
