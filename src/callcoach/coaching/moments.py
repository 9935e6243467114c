"""Find the lines of a call that show a behaviour, word for word. Knows nothing of how often it happens."""

from collections.abc import Mapping, Sequence

from callcoach.coaching.heard import Heard
from callcoach.coaching.notation import excerpt
from callcoach.domain.coaching import Behaviour, Moment
from callcoach.domain.signals import CUSTOMER_ACTS, REP_ACTS, Act
from callcoach.domain.verdict import Evidence

REP_QUOTE_CHARACTERS = 260
CUSTOMER_QUOTE_CHARACTERS = 200

_SHOWS_IT_MISSING: Mapping[Behaviour, Sequence[Act]] = {
    Behaviour.ANSWER_THE_WHY: (Act.STUMBLE, Act.ANSWER, Act.RECITE),
    Behaviour.TELL_THE_WALL: (Act.HAMMER, Act.PART),
    Behaviour.LINK_TO_CUSTOMER: (Act.PART, Act.RECITE, Act.HAMMER, Act.WALL),
    Behaviour.LEAVE_THE_SCRIPT: (Act.RECITE, Act.PART, Act.WALL, Act.HAMMER),
    Behaviour.GIVE_A_REASON_NOT_FEATURES: (Act.HAMMER,),
    Behaviour.ASK_BEFORE_OFFERING: (Act.HAMMER,),
    Behaviour.RAISE_IT: REP_ACTS,
}
_SHOWS_IT_DONE: Mapping[Behaviour, Sequence[Act]] = {
    Behaviour.ANSWER_THE_WHY: (Act.ANSWER, Act.PART),
    Behaviour.TELL_THE_WALL: (Act.WALL,),
    Behaviour.LINK_TO_CUSTOMER: (Act.PART, Act.WALL),
    Behaviour.LEAVE_THE_SCRIPT: (Act.PART, Act.WALL),
    Behaviour.GIVE_A_REASON_NOT_FEATURES: (Act.WALL, Act.PART),
    Behaviour.ASK_BEFORE_OFFERING: (Act.WALL, Act.PART),
    Behaviour.RAISE_IT: (Act.WALL, Act.PART),
    Behaviour.SHARE_IT: (Act.PART, Act.WALL),
}
_CUSTOMER_FIRST: Mapping[Behaviour, Act] = {Behaviour.ANSWER_THE_WHY: Act.ASK}


def missing(behaviour: Behaviour, heard: Heard) -> tuple[Moment, ...]:
    """Moments in which the behaviour would have helped, the most telling first."""
    return _moments(heard, _SHOWS_IT_MISSING[behaviour], _CUSTOMER_FIRST.get(behaviour, Act.NEED))


def done(behaviour: Behaviour, heard: Heard) -> tuple[Moment, ...]:
    """Moments that are a good example of the behaviour, the best first."""
    return _moments(heard, _SHOWS_IT_DONE[behaviour], _CUSTOMER_FIRST.get(behaviour, Act.NEED))


def telling(heard: Heard) -> Moment | None:
    """The line in which a leader told the story best: the why if it is there, else whatever was said of it."""
    found = _moments(heard, (Act.WALL, Act.PART, Act.HAMMER), Act.NEED)
    return found[0] if found else None


def _moments(heard: Heard, acts: Sequence[Act], customer_act: Act) -> tuple[Moment, ...]:
    evidence = heard.score.evidence
    spoken = [quote for quote in evidence if quote.act in acts and quote.quote.strip()]
    customers = [quote for quote in evidence if quote.act in CUSTOMER_ACTS and quote.quote.strip()]
    paired = [(quote, _customer_line(quote, customers, customer_act)) for quote in spoken]
    paired.sort(key=lambda pair: _telling_order(pair[0], pair[1], acts, customer_act))
    found: dict[int, Moment] = {}
    for quote, customer in paired:
        found.setdefault(quote.turn, _moment(heard, quote, customer))
    return tuple(found.values())


def _customer_line(quote: Evidence, customers: Sequence[Evidence], wanted: Act) -> Evidence | None:
    """What the customer said that the rep's line answers: the stated pair, else the nearest line before it."""
    replied = [line for line in customers if line.turn == quote.reply_to]
    before = [line for line in customers if line.turn < quote.turn]
    nearest = [line for line in before if line.turn == max(other.turn for other in before)]
    return min(replied or nearest, key=lambda line: (line.act != wanted, line.start or 0.0, line.quote), default=None)


def _telling_order(quote: Evidence, customer: Evidence | None, acts: Sequence[Act], wanted: Act) -> tuple[float, ...]:
    return (
        customer is None,
        customer is not None and customer.act != wanted,
        acts.index(Act(quote.act)),
        # the reply right after the customer's line shows more than one many turns later
        quote.turn - customer.turn if customer else 0,
        -(quote.strength or 0.0),
        quote.turn,
    )


def _moment(heard: Heard, quote: Evidence, customer: Evidence | None) -> Moment:
    return Moment(
        call_id=heard.call.call_id,
        initiative_id=heard.score.initiative_id,
        started_at=heard.call.started_at,
        turn=quote.turn,
        start=quote.start,
        end=quote.end,
        quote=excerpt(quote.quote, REP_QUOTE_CHARACTERS),
        customer_quote=_customer_excerpt(customer) if customer else None,
        customer_turn=customer.turn if customer else None,
        customer_start=customer.start if customer else None,
        customer_name=heard.call.customer_name,
        rep_id=heard.call.rep_id,
    )


def _customer_excerpt(line: Evidence) -> str:
    return excerpt(line.quote, CUSTOMER_QUOTE_CHARACTERS, question=line.act == Act.ASK)
