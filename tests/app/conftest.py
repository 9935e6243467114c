"""Recipes that fit in seconds, for tests of what is learnt from rather than of how well."""

from dataclasses import replace

import pytest

from callcoach.training.fit import CALL_RECIPE, CUSTOMER_RECIPE, REP_RECIPE
from callcoach.training.fit_heads import Recipes
from callcoach.training.fit_network import NetworkRecipe
from callcoach.training.fit_sequence import SequenceRecipe


@pytest.fixture(scope="session")
def small_recipes() -> Recipes:
    """Heads and sequence models as the judge that ships has them, each small; two of the latter, so that one fewer is noticed."""
    network = NetworkRecipe(networks=1, hidden=8, passes=1)
    return Recipes(
        rep=replace(REP_RECIPE, trees=4, network=network),
        customer=replace(CUSTOMER_RECIPE, trees=4, network=network),
        call=replace(CALL_RECIPE, trees=10),
        sequence=SequenceRecipe(networks=2, width=16, passes=2),
        tuned=None,
    )
