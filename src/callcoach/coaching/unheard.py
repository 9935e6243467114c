"""Ask about names that no call of an initiative holds: not said, or not recognised? A person is to listen.

A name the recogniser never writes looks like a product nobody mentions, and the other way round.
"""

from collections.abc import Sequence

from callcoach.coaching import wording
from callcoach.coaching.heard import Heard, Hearings
from callcoach.domain.coaching import UnheardName
from callcoach.domain.story import Initiative

# below that, silence about a new offer is no news
FEWEST_CALLS = 10


def unheard_names(hearings: Hearings, initiatives: Sequence[Initiative]) -> tuple[UnheardName, ...]:
    """The names that none of at least ten judged customer calls holds while their initiative was live, by initiative."""
    found = []
    for initiative in initiatives:
        asked = [each for each in hearings.of_initiative(initiative.id) if each.assessed and each.score.names_heard is not None]
        if len(asked) < FEWEST_CALLS:
            continue
        heard = {name for each in asked for name in each.score.names_heard or ()}
        found += [_unheard(initiative, name, asked) for name in initiative.names if name not in heard]
    return tuple(found)


def _unheard(initiative: Initiative, name: str, asked: Sequence[Heard]) -> UnheardName:
    raised = [each for each in asked if each.raised]
    # the latest call in which the initiative came up without its name tells most
    call_id = (raised or asked)[-1].call.call_id
    return UnheardName(
        initiative_id=initiative.id,
        name=name,
        n_calls=len(asked),
        n_raised=len(raised),
        call_id=call_id,
        sentence=wording.unheard_name(name, len(asked), len(raised), call_id),
    )
