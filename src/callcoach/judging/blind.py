"""Who may see which label of a round, and when. Knows nothing of screens, files or the database."""

from collections.abc import Sequence

from callcoach.domain.calibration import Label, Round


def finished(calibration: Round, labels: Sequence[Label]) -> dict[str, bool]:
    """For each person of the round, whether they have labelled every call of it."""
    said = {(label.person_id, label.call_id) for label in labels if label.round_id == calibration.round_id}
    return {person: all((person, call_id) in said for call_id in calibration.call_ids) for person in calibration.people}


def everybody_is_done(calibration: Round, labels: Sequence[Label]) -> bool:
    """Whether labels, the machine's answers and the reasons for the picks may be shown."""
    return all(finished(calibration, labels).values())


def visible_labels(calibration: Round, labels: Sequence[Label], *, seen_by: str | None = None) -> tuple[Label, ...]:
    """Their own labels for a person of the round; everybody's, for everybody, once all are done; nothing else."""
    of_round = [label for label in labels if label.round_id == calibration.round_id]
    open_to_all = everybody_is_done(calibration, of_round)
    seen = [label for label in of_round if open_to_all or (seen_by is not None and label.person_id == seen_by)]
    place = {call_id: number for number, call_id in enumerate(calibration.call_ids)}
    return tuple(sorted(seen, key=lambda label: (place.get(label.call_id, len(place)), label.person_id, label.at)))
