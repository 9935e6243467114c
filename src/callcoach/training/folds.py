"""Split labelled calls so that no writer is on both sides: a judge must not be credited for knowing a writer's manner."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from callcoach.training.corpus import LabelledCall


class Fold(NamedTuple):
    """The calls of some writers to judge, and everybody else's to learn from."""

    writers: tuple[str, ...]
    learn: tuple[LabelledCall, ...]
    judge: tuple[LabelledCall, ...]


def writer_folds(calls: Sequence[LabelledCall], groups: Mapping[str, int] | None = None) -> Iterator[Fold]:
    """One fold for each group of writers; `groups` maps writer to group, None makes each writer a group.

    Twins go with their base call's writer, since an initiative has one writer.
    """
    writers = sorted({call.writer for call in calls})
    group_of = groups or {writer: number for number, writer in enumerate(writers)}
    for group in sorted({group_of[writer] for writer in writers}):
        yield Fold(
            tuple(writer for writer in writers if group_of[writer] == group),
            tuple(call for call in calls if group_of[call.writer] != group),
            tuple(call for call in calls if group_of[call.writer] == group),
        )
