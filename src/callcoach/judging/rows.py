"""The rows of numbers that the call-level heads read of a call, made once for all heads. Knows nothing of what comes of them."""

from typing import NamedTuple

import numpy as np

from callcoach.domain.call import Transcript
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative
from callcoach.judging.conduct import conduct_matrix
from callcoach.judging.features import call_features
from callcoach.judging.heads import TurnMatrix


class CallRows(NamedTuple):
    """One row each: `call` for verdict, levels and answer, `conduct` for the behaviours."""

    call: TurnMatrix
    conduct: TurnMatrix


def call_rows(transcript: Transcript, initiative: Initiative, signals: Signals) -> CallRows:
    """What `call_matrix` and `conduct_matrix` give, for the price of one."""
    features = call_features(transcript, initiative, signals)
    plain = np.array([list(features.values())], dtype=np.float64)
    return CallRows(
        TurnMatrix(turns=(0,), names=tuple(features), plain=plain, blocks={}),
        conduct_matrix(transcript, initiative, signals, features),
    )
