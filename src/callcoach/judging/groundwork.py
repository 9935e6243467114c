"""What a judgement takes of words and story alone, made once and kept: a changed head or threshold asks for none of it again.

Searching a call for the script's words, counting and comparing take most of the time of judging it, and no head or threshold has
a say in them. Kept as bytes beside the signals they were made from. Knows nothing of verdicts, files or databases.
"""

from dataclasses import dataclass
from functools import lru_cache

import msgspec
import numpy as np

from callcoach.domain.call import Role, Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import Conduct, CopiedRun, Reaction
from callcoach.judging.assess import not_assessed_because
from callcoach.judging.conduct import conduct
from callcoach.judging.heads import CallHeads, TurnMatrix
from callcoach.judging.leaders import is_leaders_talk
from callcoach.judging.naming import names_heard
from callcoach.judging.overlap import longest_copy
from callcoach.judging.reaction import reaction
from callcoach.judging.rows import CallRows, call_rows
from callcoach.judging.weighing import Weighed

GROUNDWORK = 1
"""Raise this when anything below, or what it calls, gives something else for the same call: what was kept is then made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Groundwork:
    """A call beside a story, before any head is asked.

    reason: why it cannot be judged, None where it can; all else is then empty. by_leader: a leader speaks, so no head is asked.
    conduct: as it is without any why-question. reaction: as it is where the call raises the initiative.
    """

    reason: str | None = None
    by_leader: bool = False
    copied: CopiedRun | None = None
    names_heard: tuple[str, ...] = ()
    conduct: Conduct | None = None
    reaction: Reaction | None = None

    @property
    def is_weighed(self) -> bool:
        """Whether the call-level heads have a say."""
        return self.reason is None and not self.by_leader


def groundwork_of(transcript: Transcript, initiative: Initiative, signals: Signals) -> Groundwork:
    """Raises ValueError where the signals were measured on another transcript."""
    reason = not_assessed_because(transcript, initiative)
    if reason is not None:
        return Groundwork(reason=reason)
    if len(signals.turns) != len(transcript.turns):
        raise ValueError(f"{transcript.call_id}: these signals were measured on another transcript.")
    if is_leaders_talk(transcript):
        return Groundwork(by_leader=True)
    reps = [(number, turn.text) for number, turn in enumerate(transcript.turns) if turn.role in (Role.REP, Role.LEADER)]
    return Groundwork(
        copied=longest_copy(reps, initiative.script, initiative.compliance),
        names_heard=names_heard(transcript, initiative),
        conduct=conduct(transcript, ()),
        reaction=reaction(transcript, signals),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A groundwork with the rows that the heads read and what they said of them; both None where no head is asked.

    weighed_by: the judge that said it, by its fingerprint. is_kept: whether it comes from what was kept, as it stands there.
    """

    groundwork: Groundwork
    rows: CallRows | None = None
    weighed: Weighed | None = None
    weighed_by: str = ""
    is_kept: bool = False


def lay(transcript: Transcript, initiative: Initiative, signals: Signals) -> Laid:
    """Groundwork and rows, not weighed yet. Raises ValueError as `groundwork_of` does."""
    groundwork = groundwork_of(transcript, initiative, signals)
    return Laid(groundwork=groundwork, rows=call_rows(transcript, initiative, signals) if groundwork.is_weighed else None)


def groundwork_key(signals_made_by: str, initiative: Initiative) -> str:
    """Names all that a groundwork is made of. The names are no part of the story's version, and are looked for here."""
    return fingerprint(signals_made_by, initiative.names, GROUNDWORK)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """As it is kept. `columns` names the columns of both rows; `why` and `conduct` hold them as eight-byte numbers."""

    groundwork: Groundwork
    columns: str
    why: bytes
    conduct: bytes
    weighed: Weighed | None
    weighed_by: str


_DECODER = msgspec.msgpack.Decoder(_Kept)


def pack(laid: Laid) -> bytes:
    """What `unpack` reads back, to the last bit."""
    rows = laid.rows
    return msgspec.msgpack.encode(
        _Kept(
            groundwork=laid.groundwork,
            columns=_columns(rows.call.names, rows.conduct.names) if rows else "",
            why=_bytes(rows.call) if rows else b"",
            conduct=_bytes(rows.conduct) if rows else b"",
            weighed=laid.weighed,
            weighed_by=laid.weighed_by,
        )
    )


def unpack(kept: bytes, judge: CallHeads) -> Laid | None:
    """What was kept, without what another judge said; None where `judge` reads other columns, or it cannot be read."""
    try:
        found = _DECODER.decode(kept)
    except msgspec.DecodeError:
        return None
    if not found.groundwork.is_weighed:
        return Laid(groundwork=found.groundwork, is_kept=True)
    if found.weighed is not None and found.weighed_by and found.weighed_by == judge.fingerprint:
        # the rows are left unread: whoever has this needs no head
        return Laid(groundwork=found.groundwork, weighed=found.weighed, weighed_by=found.weighed_by, is_kept=True)
    why, conducted = judge.verdict.names, next(iter(judge.behaviours.values())).names
    if found.columns != _columns(why, conducted):
        return None
    return Laid(groundwork=found.groundwork, rows=CallRows(_row(why, found.why), _row(conducted, found.conduct)))


@lru_cache(maxsize=8)
def _columns(*names: tuple[str, ...]) -> str:
    return fingerprint(*names)


def _bytes(row: TurnMatrix) -> bytes:
    return row.plain.astype("<f8").tobytes()


def _row(names: tuple[str, ...], kept: bytes) -> TurnMatrix:
    plain = np.frombuffer(kept, dtype="<f8").astype(np.float64).reshape(1, -1)
    return TurnMatrix(turns=(0,), names=names, plain=plain, blocks={})
