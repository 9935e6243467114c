"""Train the judge on labelled calls: the one place where measuring meets fitting.

It walks the very path the product walks: Reader -> act heads -> Signals -> call heads.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from callcoach.app.kept_work import KeptWork, kept_values
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative
from callcoach.judging.heads import CallHeads
from callcoach.judging.rows import CallRows, call_rows
from callcoach.judging.tuned_head import Tuned
from callcoach.judging.turn_heads import TurnHeads
from callcoach.language.acts import MeasuredText, Said, signals_of
from callcoach.language.heads import read_turn_heads
from callcoach.language.measure import Reader
from callcoach.language.tuned import Tokens, TunedEncoder, plain_encoder, turn_texts
from callcoach.training.call_table import CallTable, rows_of, table_of
from callcoach.training.corpus import Corpus, LabelledCall, read_corpus
from callcoach.training.fit import SEED
from callcoach.training.fit_heads import GROUPS, Recipes, TurnRows, fit_call_heads, fit_turn_heads, writer_groups
from callcoach.training.fit_tuned import TunedRecipe, TurnExample, fit_tuned
from callcoach.training.heads_folder import write_heads, write_turn_heads
from callcoach.training.lessons import lessons_of
from callcoach.training.targets import rep_targets
from callcoach.training.team_calls import TeamCall

Progress = Callable[[str], None]
Value = TypeVar("Value")

ABOUT = ("calls", "corpus", "folds", "made_with", "models", "seed")
"""What judge.json says of how a judge was trained, beside its files."""

_READ_AT_ONCE = 200
"""Calls whose texts the encoders meet together."""

_WORTH_KEEPING = 20_000
"""Vectors that are written as soon as they are there, so that a command that is stopped does not lose them: minutes of work."""


class Fitting(NamedTuple):
    """Act heads to fit: what is said while it is done, the calls to learn from, and how."""

    sentence: str
    calls: Sequence[LabelledCall]
    recipes: Recipes


class Fitted(NamedTuple):
    """A whole judge, and the rows that its call-level heads learnt from."""

    turn_heads: TurnHeads
    call_heads: CallHeads
    table: CallTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What training wrote: judge.json's content, and how many calls it learnt from."""

    folder: Path
    index: Mapping[str, Any]
    calls: int


class Learning:
    """A corpus measured once, and heads fitted to any part of it."""

    def __init__(
        self,
        corpus: Corpus,
        reader: Reader,
        *,
        recipes: Recipes | None = None,
        keep: Path | None = None,
        progress: Progress | None = None,
    ) -> None:
        """keep: a folder for act heads, and what they say, as they are made: the work can be broken off and shared."""
        self.corpus = corpus
        self.recipes = recipes or Recipes()
        self._keep = keep
        self._fits = None if keep is None else KeptWork(keep, write_turn_heads, read_turn_heads)
        self._last: tuple[Fitting, TurnHeads] | None = None
        self.labelled = frozenset(call.call_id for call in corpus.calls)
        self._reader = reader
        self.say = progress or (lambda _: None)
        self._texts: dict[str, MeasuredText] = {}
        for labelled in corpus.initiatives:
            self.say(f"Measuring the calls of {labelled.initiative.id}")
            self._measure(labelled.calls)
        self.group_of = writer_groups(corpus.calls)
        self.lessons = lessons_of(corpus, self.group_of)
        made = (*self.lessons.foreign, *self.lessons.disguised)
        for first in range(0, len(made), _READ_AT_ONCE):
            of = f"{first + 1} of {len(made)}"
            self.say(f"Measuring calls beside stories they do not tell, and misheard and tricked copies, from {of} on")
            self._measure(made[first : first + _READ_AT_ONCE])
        reader.encoder.remember()
        self._rows = {name: TurnRows(text.rep, text.customer) for name, text in self._texts.items()}

    def _measure(self, calls: Sequence[LabelledCall]) -> None:
        stories = self.corpus.stories
        self._reader.foresee(call.transcript for call in calls)
        for call in calls:
            self._texts[call.call_id] = self._reader.read(call.transcript, stories[call.initiative_id])
        self._reader.encoder.remember(at_least=_WORTH_KEEPING)

    @property
    def calls(self) -> tuple[LabelledCall, ...]:
        """All there is to learn from: labelled calls, calls beside stories they do not tell, misheard and tricked copies."""
        return self.lessons.calls

    def original(self, call: LabelledCall) -> str:
        """The id of the labelled call that this one is a copy of, or itself."""
        return call.call_id if call.call_id in self.labelled else call.call_id.partition("~")[0].partition("@")[0]

    def learn(self, team: Sequence[TeamCall] = ()) -> Fitted:
        """Heads from all calls; the call heads learn from acts predicted out of fold. `team`: taught to the call heads too."""
        everything = Fitting("Fitting acts on all calls", self.calls, self.recipes)
        self.begin((*self.folds(self.calls, self.group_of, self.recipes).values(), everything))
        table = self.call_table(self.calls, self.out_of_fold(self.calls, self.group_of, self.recipes))
        turn_heads = self.fitted(everything)
        call_heads = self.call_heads(self.calls, table, team, self.team_signals(team, turn_heads))
        return Fitted(turn_heads, call_heads, table)

    @property
    def quick(self) -> Recipes:
        """The recipes with one sequence model and half the passes of the encoder, to save time."""
        tuned = self.recipes.tuned and replace(self.recipes.tuned, passes=self.recipes.tuned.passes / 2)
        return self.recipes._replace(sequence=replace(self.recipes.sequence, networks=1), tuned=tuned)

    def out_of_fold(self, calls: Sequence[LabelledCall], group_of: Mapping[str, int], recipes: Recipes) -> dict[str, Signals]:
        """Signals of each call from heads that learnt from the other groups of writers among `calls` (`group_of`)."""
        signals: dict[str, Signals] = {}
        for group, fitting in self.folds(calls, group_of, recipes).items():
            signals |= self.signals([call for call in calls if group_of[call.writer] == group], self.fitted(fitting))
        return signals

    def folds(self, calls: Sequence[LabelledCall], group_of: Mapping[str, int], recipes: Recipes) -> dict[int, Fitting]:
        """For each group of writers what the others teach."""
        groups = sorted({group_of[call.writer] for call in calls})
        return {
            group: Fitting(
                f"Fitting acts without group {number} of {len(groups)}",
                [call for call in calls if group_of[call.writer] != group],
                recipes,
            )
            for number, group in enumerate(groups, start=1)
        }

    def turn_heads(self, calls: Sequence[LabelledCall]) -> TurnHeads:
        """Act heads from the turns of these calls."""
        return self.fitted(Fitting(f"Fitting acts on {len(calls)} calls", calls, self.recipes))

    def begin(self, fittings: Iterable[Fitting]) -> None:
        """Where fits are kept, make all of these: in any order, beside whoever else is at them."""
        if self._fits is not None:
            self._fits.make({self.name_of(fitting): partial(self._fit, fitting) for fitting in fittings})

    def fitted(self, fitting: Fitting) -> TurnHeads:
        """The act heads: those that are kept, or those made last, or fitted now."""
        if self._fits is not None:
            self.begin([fitting])
            return self._fits.read(self.name_of(fitting))
        if self._last is None or self._last[0] is not fitting:
            self._last = fitting, self._fit(fitting)
        return self._last[1]

    def kept(self, wanted: Mapping[str, Callable[[], Value]], kind: type[Value]) -> Iterator[Value]:
        """Each of these values by name, in order: made one by one; where work is kept, beside whoever else is at them.

        A name has to change with whatever its value depends on.
        """
        work = None if self._keep is None else kept_values(self._keep, kind)
        if work is not None:
            work.make(wanted)
        for name, make in wanted.items():
            yield make() if work is None else work.read(name)

    def name_of(self, fitting: Fitting) -> str:
        """Changes with whatever the fit depends on, except the code that fits."""
        ids = [call.call_id for call in fitting.calls]
        return fingerprint(self._measured, ids, repr(fitting.recipes), about(self.corpus, self._reader))

    @cached_property
    def _measured(self) -> str:
        """Of every number that heads learn from."""
        digest = hashlib.sha256()
        for name, rows in sorted(self._rows.items()):
            digest.update(name.encode())
            for matrix in rows:
                for array in (matrix.plain, *matrix.blocks.values()):
                    digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def _fit(self, fitting: Fitting) -> TurnHeads:
        self.say(fitting.sentence)
        heads = fit_turn_heads(fitting.calls, self._rows, fitting.recipes)
        tuned = fitting.recipes.tuned
        return heads if tuned is None else replace(heads, tuned=self._tuned(fitting.calls, tuned))

    def _tuned(self, calls: Sequence[LabelledCall], recipe: TunedRecipe) -> Tuned:
        encoder, tokenizer = plain_encoder(self._reader.encoder.folder)
        tokens = Tokens(tokenizer)
        # copies teach the heads what changes nothing; the encoder hides words from itself, and would see every turn three times
        copies = {call.call_id for call in self.lessons.disguised}
        examples = []
        for call in calls:
            if call.call_id in copies:
                continue
            text = self._texts[call.call_id].call
            texts = turn_texts(text.transcript, text.own)
            targets = rep_targets(call, list(texts))
            for each, row in zip(texts.values(), targets, strict=True):
                examples.append(TurnExample(*tokens.of_turn(each), call.initiative_id, row))
        stories = {name: tokens.of_story(initiative) for name, initiative in self.corpus.stories.items()}
        return fit_tuned(examples, stories, encoder, recipe, seed=SEED)

    def signals(self, calls: Sequence[LabelledCall], heads: TurnHeads) -> dict[str, Signals]:
        """What the heads say of each call, by its id."""
        tuned = self._reader.tuned(heads)
        found: dict[str, Signals] = {}
        for first in range(0, len(calls), _READ_AT_ONCE):
            some = calls[first : first + _READ_AT_ONCE]
            if tuned is not None:
                tuned.foresee(call.transcript for call in some)
            found |= {call.call_id: self._signals_of(call, self._texts[call.call_id], heads, tuned) for call in some}
        return found

    def hearer(self, heads: TurnHeads) -> Callable[[LabelledCall, Initiative], Signals]:
        """What says the signals of a call that need not be one of the corpus, beside a story that need not be its own."""
        tuned = self._reader.tuned(heads)
        return lambda call, initiative: self._signals_of(call, self._reader.read(call.transcript, initiative), heads, tuned)

    def team_signals(self, calls: Sequence[TeamCall], heads: TurnHeads) -> dict[str, Signals]:
        """What the heads say of each call of a team, by its key."""
        tuned = self._reader.tuned(heads)
        found = {}
        for call in calls:
            said = signals_of(self._reader.read(call.transcript, call.initiative), heads, tuned)
            found[call.key] = self._as_signals(call.call_id, call.initiative.id, said)
        return found

    def _signals_of(self, call: LabelledCall, text: MeasuredText, heads: TurnHeads, tuned: TunedEncoder | None) -> Signals:
        return self._as_signals(call.call_id, call.initiative_id, signals_of(text, heads, tuned))

    def _as_signals(self, call_id: str, initiative_id: str, said: Said) -> Signals:
        return Signals(
            call_id=call_id,
            initiative_id=initiative_id,
            turns=said.turns,
            made_by=self._reader.made_by,
            outcomes=said.outcomes,
        )

    def call_table(self, calls: Sequence[LabelledCall], signals: Mapping[str, Signals]) -> CallTable:
        """What the call-level heads learn from, made of signals by call id."""
        stories = self.corpus.stories
        return table_of(
            {call.call_id: call_rows(call.transcript, stories[call.initiative_id], signals[call.call_id]) for call in calls}
        )

    def call_heads(
        self,
        calls: Sequence[LabelledCall],
        table: CallTable,
        team: Sequence[TeamCall] = (),
        team_signals: Mapping[str, Signals] | None = None,
    ) -> CallHeads:
        """Call-level heads from the rows of `calls`, and from signals by key those of `team`."""
        return fit_call_heads(calls, rows_of(table) | team_rows(team, team_signals or {}), self.recipes.call, team)


def team_rows(team: Sequence[TeamCall], signals: Mapping[str, Signals]) -> dict[str, CallRows]:
    """The rows of a team's calls, by key, from signals by key."""
    return {call.key: call_rows(call.transcript, call.initiative, signals[call.key]) for call in team}


def recipes(*, tune_encoder: bool) -> Recipes:
    """How the judge is fitted: as the one that ships, or in a quarter of the time."""
    return Recipes() if tune_encoder else Recipes(tuned=None)


def learn(
    corpus_folder: Path,
    out_folder: Path,
    *,
    encoder_folder: Path,
    spacy_package: str,
    threads: int = 2,
    memory: Path | None = None,
    recipes: Recipes | None = None,
    keep: Path | None = None,
    progress: Progress | None = None,
) -> Learnt:
    """Fit the judge on a folder of labelled calls and write its heads.

    memory: keeps sentence vectors for the next time; keep: see `Learning`.

    Raises BadCorpus, WeightsMissing.
    """
    corpus = read_corpus(corpus_folder)
    reader = Reader(encoder_folder, spacy_package, threads=threads, memory=memory)
    turn_heads, call_heads, table = Learning(corpus, reader, recipes=recipes, keep=keep, progress=progress).learn()
    index = write_heads(out_folder, turn_heads, call_heads, about(corpus, reader), table)
    return Learnt(folder=out_folder, index=index, calls=len(corpus.calls))


def about(corpus: Corpus, reader: Reader) -> dict[str, Any]:
    """What judge.json says of how a judge was trained."""
    return {
        "calls": len(corpus.calls),
        "corpus": corpus_fingerprint(corpus),
        "folds": GROUPS,
        "made_with": {
            name: version(name) for name in ("numpy", "scikit-learn", "scipy", "sentence-transformers", "spacy", "torch")
        },
        "models": reader.made_by,
        "seed": SEED,
    }


def corpus_fingerprint(corpus: Corpus) -> str:
    """Names the calls, their labels and their stories: the same folder gives the same sixteen digits."""
    return fingerprint(
        [
            [
                call.call_id,
                call.writer,
                corpus.stories[call.initiative_id].version,
                [[turn.speaker, turn.text] for turn in call.transcript.turns],
                [sorted(act.value for act in tags) for tags in call.tags],
                call.labels.verdict.value,
                {part.value: int(level) for part, level in call.labels.levels.items()},
                call.labels.answer.value,
            ]
            for call in corpus.calls
        ]
    )
