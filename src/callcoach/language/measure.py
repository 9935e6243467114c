"""From a transcript and an initiative to signals: the one door to the language models. Knows nothing of verdicts."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from callcoach.domain.call import Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative
from callcoach.judging.heads import TurnHeads
from callcoach.language.acts import MeasuredText, measure_text, turn_signals
from callcoach.language.encoder import Encoder
from callcoach.language.heads import read_turn_heads
from callcoach.language.sentences import SentenceSplitter
from callcoach.language.turns import CallText, encode_calls, read_call

# raise this when the rows of turns.py or the links change in a way that no weight file tells
MEASURING = 2


class Reader:
    """Reads calls with the encoder and the sentence splitter, before any trained head; training and judging share it."""

    def __init__(self, encoder_folder: Path, spacy_package: str, *, threads: int = 2, memory: Path | None = None) -> None:
        self.encoder = Encoder(encoder_folder, threads=threads, memory=memory)
        self.splitter = SentenceSplitter(spacy_package)
        self._last: tuple[Transcript, CallText] | None = None

    @cached_property
    def made_by(self) -> dict[str, str]:
        """The models behind the rows."""
        return {"embeddings": self.encoder.fingerprint, "sentences": self.splitter.fingerprint, "measuring": str(MEASURING)}

    def foresee(self, transcripts: Iterable[Transcript]) -> None:
        """Encode many calls that will be read, several times as fast as one by one."""
        encode_calls(transcripts, self.encoder, self.splitter)

    def read(self, transcript: Transcript, initiative: Initiative) -> MeasuredText:
        """The rows of a call for one initiative; the last call is remembered, so a second initiative costs no encoding."""
        if self._last is None or self._last[0] is not transcript:
            self._last = transcript, read_call(transcript, self.encoder, self.splitter)
        return measure_text(self._last[1], initiative, self.encoder, self.splitter)


class Measurer:
    """Measures calls with the default or any other encoder, and the act heads in `heads_folder`. Loads at first use."""

    def __init__(self, encoder_folder: Path, spacy_package: str, heads_folder: Path, *, threads: int = 2) -> None:
        self._reader = Reader(encoder_folder, spacy_package, threads=threads)
        self._heads_folder = heads_folder

    @cached_property
    def fingerprint(self) -> str:
        """Names everything that makes the signals."""
        return fingerprint(self._made_by)

    def measure(self, transcript: Transcript, initiative: Initiative) -> Signals:
        """Signals of one call and one initiative: the same input gives the same bytes."""
        turns = turn_signals(self._reader.read(transcript, initiative), self._heads)
        return Signals(call_id=transcript.call_id, initiative_id=initiative.id, turns=turns, made_by=self._made_by)

    @cached_property
    def _heads(self) -> TurnHeads:
        return read_turn_heads(self._heads_folder)

    @cached_property
    def _made_by(self) -> dict[str, str]:
        return {**self._reader.made_by, "acts": self._heads.fingerprint}
