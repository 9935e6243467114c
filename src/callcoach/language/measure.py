"""From a transcript and an initiative to signals: the one door to the language models. Knows nothing of verdicts."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from callcoach.domain.call import Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.signals import CriterionSignals, Signals
from callcoach.domain.story import Criterion, Initiative
from callcoach.judging.turn_heads import TurnHeads
from callcoach.language import reading
from callcoach.language.acts import MeasuredText, measure_text, signals_of
from callcoach.language.call_text import CallText, encode_calls, read_call
from callcoach.language.criteria import measure_criteria
from callcoach.language.encoder import Encoder
from callcoach.language.heads import read_turn_heads
from callcoach.language.sentences import SentenceSplitter
from callcoach.language.tuned import TunedEncoder
from callcoach.processor import one_blas_thread

# raise this when rows (turns.py, call_text.py), links or what criteria.py measures change in a way that no weight file tells
MEASURING = 3


class Reader:
    """Reads calls with the encoder and the sentence splitter, before any trained head; training and judging share it."""

    def __init__(self, encoder_folder: Path, spacy_package: str, *, threads: int = 2, memory: Path | None = None) -> None:
        self.encoder = Encoder(encoder_folder, threads=threads, memory=memory)
        self.splitter = SentenceSplitter(spacy_package)
        self._latest: OrderedDict[int, tuple[Transcript, CallText]] = OrderedDict()
        self._most_texts = 1

    @cached_property
    def made_by(self) -> dict[str, str]:
        """The models behind the rows."""
        return {"embeddings": self.encoder.fingerprint, "sentences": self.splitter.fingerprint, "measuring": str(MEASURING)}

    def foresee(self, transcripts: Iterable[Transcript]) -> None:
        """Encode many calls that will be read, several times as fast as one by one."""
        encode_calls(transcripts, self.encoder, self.splitter)

    def recall(self, transcript: Transcript, kept: bytes, tuned: TunedEncoder | None = None) -> None:
        """Take over what was read of a call before (`reading.pack`)."""
        reading.recall(kept, transcript, self.encoder, self.splitter, tuned)

    def is_known(self, transcript: Transcript, tuned: TunedEncoder | None = None) -> bool:
        """Whether reading the call costs nothing."""
        return reading.is_known(transcript, self.encoder, self.splitter, tuned)

    def packed(self, transcript: Transcript, tuned: TunedEncoder | None = None) -> bytes:
        """What was read of a call, to keep."""
        return reading.pack(transcript, self.encoder, self.splitter, tuned)

    def tuned(self, heads: TurnHeads) -> TunedEncoder | None:
        """The encoder as it was trained with these heads; None where it was not."""
        if heads.tuned is None:
            return None
        return TunedEncoder(self.encoder.folder, heads.tuned, threads=self.encoder.threads)

    def read(self, transcript: Transcript, initiative: Initiative) -> MeasuredText:
        """The rows of a call for one initiative; the last call is remembered, so a second initiative costs no encoding."""
        return measure_text(self.text_of(transcript), initiative, self.encoder, self.splitter)

    def text_of(self, transcript: Transcript) -> CallText:
        """A call's turns, sentences and vectors, the same for every initiative."""
        known = self._latest.get(id(transcript))
        if known is None or known[0] is not transcript:
            known = transcript, read_call(transcript, self.encoder, self.splitter)
            while len(self._latest) >= self._most_texts:
                self._latest.popitem(last=False)
            self._latest[id(transcript)] = known
        return known[1]

    def keep_texts(self, most: int) -> None:
        """Remember as many calls as are read again and again; a megabyte or so each."""
        self._most_texts = most


class Measurer:
    """Measures calls with the default or any other encoder, and the act heads in `heads_folder`. Loads at first use."""

    def __init__(self, encoder_folder: Path, spacy_package: str, heads_folder: Path, *, threads: int = 2) -> None:
        self.reader = Reader(encoder_folder, spacy_package, threads=threads)
        self._heads_folder = heads_folder

    @cached_property
    def fingerprint(self) -> str:
        """Names everything that makes the signals."""
        return fingerprint(self._made_by)

    def measure(self, transcript: Transcript, initiative: Initiative) -> Signals:
        """Signals of one call and one initiative: the same input gives the same bytes."""
        with one_blas_thread():
            text = self.reader.read(transcript, initiative)
            said = signals_of(text, self._heads, self._tuned)
            return Signals(
                call_id=transcript.call_id,
                initiative_id=initiative.id,
                turns=said.turns,
                outcomes=said.outcomes,
                made_by=self._made_by,
                criteria=measure_criteria(text.call, initiative.criteria, self.reader.encoder),
            )

    def criteria(self, transcript: Transcript, criteria: Sequence[Criterion]) -> tuple[CriterionSignals, ...]:
        """What a call says to any criteria, without the rest: to see what each example does."""
        with one_blas_thread():
            return measure_criteria(self.reader.text_of(transcript), criteria, self.reader.encoder)

    @cached_property
    def reading_made_by(self) -> str:
        """Names the models that read calls, whatever the story."""
        return fingerprint(self.reader.encoder.fingerprint, self.reader.splitter.fingerprint)

    def measure_all(
        self, transcript: Transcript, initiatives: Sequence[Initiative], kept: bytes | None = None
    ) -> tuple[tuple[Signals, ...], bytes | None]:
        """Signals for each initiative, and what was read of the call where that was not in `kept`."""
        if kept is not None:
            self.reader.recall(transcript, kept, self._tuned)
        was_known = kept is not None and self.reader.is_known(transcript, self._tuned)
        signals = tuple(self.measure(transcript, initiative) for initiative in initiatives)
        return signals, None if was_known else self.reader.packed(transcript, self._tuned)

    def foresee(self, transcripts: Sequence[Transcript]) -> None:
        """Let the encoders meet many calls at once: call by call, most batches would be nearly empty."""
        self.reader.foresee(transcripts)
        if self._tuned is not None:
            self._tuned.foresee(transcripts)

    @cached_property
    def _heads(self) -> TurnHeads:
        return read_turn_heads(self._heads_folder)

    @cached_property
    def _tuned(self) -> TunedEncoder | None:
        return self.reader.tuned(self._heads)

    @cached_property
    def _made_by(self) -> dict[str, str]:
        return {**self.reader.made_by, "acts": self._heads.fingerprint}
