"""What surrounds an initiative's calls, joined: leaders' tellings, how often, what competes. Knows nothing of who reads it."""

from collections.abc import Sequence
from datetime import date

from callcoach.coaching.competing import competing
from callcoach.coaching.consistency import Said, consistency
from callcoach.coaching.frequency import frequency
from callcoach.coaching.heard import Hearings
from callcoach.coaching.momentum import in_stretches
from callcoach.coaching.shares import Shares
from callcoach.domain.around import Around
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative


def around(
    hearings: Hearings,
    initiative: Initiative,
    initiatives: Sequence[Initiative],
    company: Company,
    *,
    said: Said,
    shares: Shares,
    today: date,
) -> Around:
    """All of it for one initiative. said: the words of a leader's recording, None where they are not kept."""
    stretches = in_stretches(shares, initiative.id) if initiative.id in shares.columns.initiative_number else ()
    return Around(
        consistency=consistency(hearings, initiative, initiatives, company, said=said),
        frequency=frequency(hearings, initiative, company, stretches, today=today),
        competing=competing(hearings, initiative.id, {each.id: each.name for each in initiatives}),
    )
