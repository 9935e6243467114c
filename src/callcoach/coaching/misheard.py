"""Find the teams whose calls the judge judges otherwise than people do: their recordings may differ. Knows no cause."""

from collections.abc import Mapping

from callcoach.domain.diagnosis import Alike

FEWEST_LABELLED = 5
SURE_OF_A_TEAM = 0.98
"""Labelled calls of a team, and how sure it is to be that the judge errs more there: one company in fifty looks so by chance."""

SURE_ENOUGH_TO_ASK = 0.85
"""Where one whole team seems to fail and no other, its recordings are asked about first: two causes look alike there."""


def misheard_teams(alike: Mapping[str, Alike], apart: str | None = None) -> tuple[tuple[str, Alike, Alike], ...]:
    """Teams whose calls the judge judges otherwise than people in half of the labelled ones, and surely more often than others'.

    Each with its labelled calls and those of all other teams; none where a single team was labelled. apart: the one team that all
    who seem to fail are of: of that team it takes less to ask about its recordings before anybody is coached.
    """
    found = []
    for team_id, here in sorted(alike.items()):
        others = [each for name, each in alike.items() if name != team_id]
        elsewhere = Alike(agreed=sum(each.agreed for each in others), n=sum(each.n for each in others))
        if min(here.n, elsewhere.n) < FEWEST_LABELLED or here.agreed * 2 > here.n:
            continue
        chance = _as_few_by_chance(here, elsewhere)
        # as many looks as there are teams: one of them looks odd by chance
        if chance * len(alike) < 1 - SURE_OF_A_TEAM or (team_id == apart and chance < 1 - SURE_ENOUGH_TO_ASK):
            found.append((team_id, here, elsewhere))
    return tuple(found)


def _as_few_by_chance(here: Alike, elsewhere: Alike) -> float:
    """Fisher's exact test: the chance of so few agreed here, were the judge the same everywhere."""
    from scipy.stats import hypergeom

    return float(hypergeom.cdf(here.agreed, here.n + elsewhere.n, here.agreed + elsewhere.agreed, here.n))
