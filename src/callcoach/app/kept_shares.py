"""The counted calls of the latest whole run, by initiative, so that a single share is found without reading every call again.

Used while nothing has changed what a run counted: after a newer run has begun, or a correction, whoever asks counts anew. Knows
nothing of what the shares are for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from callcoach.app.judge_error import judge_error_of
from callcoach.app.workspace import Workspace
from callcoach.coaching.columns import NO_OUTCOME, Columns
from callcoach.coaching.shares import Shares
from callcoach.storage.kept_reports import KeptReports, Named
from callcoach.storage.runs import Runs

COUNTED = "counted"
_NUMBERS = ("rep", "initiative", "kind", "length", "day", "code")


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedCalls:
    """What `Columns` holds of one initiative, but for what its calls brought; the names are those of the whole company."""

    reps: tuple[str, ...]
    teams: tuple[str, ...]
    initiatives: tuple[str, ...]
    kinds: tuple[str, ...]
    team_of_rep: tuple[int, ...]
    rep: tuple[int, ...]
    initiative: tuple[int, ...]
    kind: tuple[int, ...]
    length: tuple[int, ...]
    day: tuple[int, ...]
    code: tuple[int, ...]


def counted_calls(columns: Columns) -> list[Named]:
    """Each initiative's calls, to be kept beside the reports of the run that counted them."""
    found: list[Named] = []
    for number, initiative_id in enumerate(columns.initiatives):
        rows = columns.initiative == number
        numbers = {name: tuple(getattr(columns, name)[rows].tolist()) for name in _NUMBERS}
        calls = CountedCalls(
            reps=columns.reps,
            teams=columns.teams,
            initiatives=columns.initiatives,
            kinds=columns.kinds,
            team_of_rep=tuple(columns.team_of_rep.tolist()),
            **numbers,
        )
        found.append((COUNTED, initiative_id, calls))
    return found


def shares_of_run(workspace: Workspace, initiative_ids: Sequence[str]) -> Shares | None:
    """The shares of these initiatives as a fresh count would give them; None where that has to be made.

    It has to where no whole run left its calls, a later run has begun, or somebody has corrected a judgement since.
    """
    reports, latest = KeptReports(workspace.store), Runs(workspace.store).latest_number()
    kept = [reports.report(COUNTED, initiative_id, CountedCalls) for initiative_id in initiative_ids]
    whole = [each for each in kept if each is not None and each.run_id == latest]
    if not whole or len(whole) < len(kept) or reports.corrected_since(whole[0].at):
        return None
    calls = [each.report for each in whole]
    names = calls[0]
    numbers = {name: np.concatenate([np.array(getattr(each, name), dtype=np.int64) for each in calls]) for name in _NUMBERS}
    columns = Columns(
        reps=names.reps,
        teams=names.teams,
        initiatives=names.initiatives,
        kinds=names.kinds,
        team_of_rep=np.array(names.team_of_rep, dtype=np.intp),
        won=np.full(len(numbers["rep"]), NO_OUTCOME, dtype=np.int8),
        amount=np.full(len(numbers["rep"]), np.nan),
        **numbers,
    )
    return Shares(columns, judge_error_of(workspace.settings))
