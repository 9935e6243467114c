"""From recognised or imported words to the transcript that is judged: its language, names as written, who is the rep.

A cheap layer of its own: when a glossary or a script changes, no recording is heard again. Stores nothing.
"""

from collections.abc import Sequence
from functools import cached_property

from callcoach.domain.call import Call, Transcript
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.judging.roles import RoleHead, cast, cues_of
from callcoach.speech.glossary import GLOSSARY_VERSION, repair
from callcoach.speech.language_of import LANGUAGE_VERSION, with_language


class Attribution:
    """What a company's initiatives and people tell of the words in its calls."""

    def __init__(self, initiatives: Sequence[Initiative], company: Company, head: RoleHead) -> None:
        """initiatives: all of the company's, whichever a call is judged for. head: tells the rep from the customer."""
        self._initiatives, self._head = tuple(initiatives), head
        self._names = {person.id: person.name for person in company.people}
        self._glossary = tuple(term for initiative in initiatives for term in initiative.glossary)
        self._terms = tuple(dict.fromkeys(term for initiative in initiatives for term in initiative.terms))

    @cached_property
    def _made_with(self) -> str:
        names = [[term.term, *term.heard_as] for term in self._glossary]
        cues = cues_of(self._initiatives).fingerprint
        return fingerprint(GLOSSARY_VERSION, LANGUAGE_VERSION, self._head.fingerprint, names, self._terms, cues)

    def key(self, call: Call) -> str:
        """Names all that `of` depends on apart from the words: nobody's name but this call's rep's and customer's is among it."""
        return fingerprint(self._made_with, call.language, self._rep_name(call), call.customer_name, call.direction)

    def of(self, transcript: Transcript, call: Call) -> Transcript:
        """The transcript that is judged. Doing it twice changes nothing."""
        spoken = repair(with_language(transcript, given=call.language), self._glossary, terms=self._terms)
        rep, customer = self._rep_name(call), call.customer_name
        cues = cues_of(
            self._initiatives,
            rep_names=(rep,) if rep else (),
            customer_names=(customer,) if customer else (),
            direction=call.direction,
        )
        return cast(spoken, cues, self._head)

    def _rep_name(self, call: Call) -> str | None:
        return self._names.get(call.rep_id or "")
