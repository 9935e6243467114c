"""Look whether a call's words were said to other customers, too. Asked apart from the page, for it reads many calls."""

from callcoach.app.blindness import needs_no_label_first
from callcoach.app.call_page import visible_call
from callcoach.app.same_words import LATEST, said_again
from callcoach.app.workspace import Workspace
from callcoach.domain.coaching import SaidAgain
from callcoach.domain.people import VisibleReps
from callcoach.storage.one_call import OneCall, current_keys

MOST_COMPARED = 300
"""Of the rep's calls, the nearest in time: as many as are compared while somebody waits."""


def same_words_elsewhere(
    workspace: Workspace, reader_visible: VisibleReps, call_id: str, initiative_id: str, *, person_id: str | None = None
) -> tuple[SaidAgain, ...] | None:
    """The passages of this call that other customers of its rep heard alike in the six weeks round it.

    None where there is no such call, or it is not theirs to see; empty where nothing was found. person_id: who asks. Raises
    UsageError where they have yet to label the call blind: what was said to everybody alike was recited.
    """
    call = visible_call(workspace, reader_visible, call_id)
    if call is None:
        return None
    needs_no_label_first(workspace, person_id, call_id)
    kept = OneCall(workspace.store, call_id).score(initiative_id)
    if call.rep_id is None or call.day is None or kept is None:
        return ()
    story = workspace.store.initiative(initiative_id, kept.score.versions.get("rubric", "").rpartition(" ")[2])
    if story is None:
        return ()
    day, since = call.day, call.day - LATEST
    near = [each for each in workspace.store.calls(rep_id=call.rep_id, since=since) if each.day and each.day - day <= LATEST]
    near = sorted(near, key=lambda each: abs((each.day or day) - day))[:MOST_COMPARED]
    keys = current_keys(workspace.store, (each.call_id for each in near))
    scores = workspace.store.scores(rep_id=call.rep_id, initiative_id=initiative_id, since=since)
    found = said_again(workspace.store, near, scores, (story,), lambda each: keys.get(each.call_id, ""))
    return tuple(again for again in found if any(moment.call_id == call_id for moment in again.said))
