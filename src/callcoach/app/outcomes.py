"""Lay what a CRM says on the calls of a run and on those that are kept already. Prints nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call
from callcoach.domain.coaching import CallProblem
from callcoach.errors import BadInput, BadManifest
from callcoach.intake.outcomes import OUTCOMES, join, kept_from_crm, read_outcomes


class WithOutcomes(NamedTuple):
    """The run's calls with what is known of their outcome, other kept calls a row is about, rows that cannot be used, and a
    sentence for each row that is about no call.
    """

    calls: tuple[Call, ...]
    others: tuple[Call, ...]
    problems: tuple[CallProblem, ...]
    unmatched: tuple[str, ...]


def with_outcomes(workspace: Workspace, folders: Sequence[Path], calls: Sequence[Call], named: Path | None) -> WithOutcomes:
    """crm.csv of each folder, then the file that was named, whose word counts last.

    Raises BadInput where the named file is not there; a crm.csv without a usable header is a problem, and the calls are used.
    """
    if named is not None and not named.is_file():
        raise BadInput(f"{named}: there is no such file. Give the table that the CRM exported with --outcomes.")
    before = {call.call_id: call for call in workspace.store.calls()}
    ours = {call.call_id: kept_from_crm(call, before.get(call.call_id)) for call in calls}
    known = {**before, **ours}
    problems: list[CallProblem] = []
    unmatched: list[str] = []
    for path in (*(folder / OUTCOMES for folder in folders), *((named,) if named else ())):
        if not path.is_file():
            continue
        try:
            table = read_outcomes(path)
        except BadManifest as trouble:
            problems.append(CallProblem(call_id=path.name, sentence=str(trouble)))
            continue
        found = join(table.rows, tuple(known.values()), path.name)
        known |= {call.call_id: call for call in found.calls}
        problems += table.problems
        unmatched += found.unmatched
    others = tuple(call for call_id, call in known.items() if call_id not in ours and call != before.get(call_id))
    return WithOutcomes(tuple(known[call_id] for call_id in ours), others, tuple(problems), tuple(unmatched))
