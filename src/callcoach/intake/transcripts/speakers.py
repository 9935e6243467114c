"""From the people in a transcript to roles. Guesses nobody's role from what they say."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from callcoach.domain.call import Role, RoleFinding, RoleSource, Turn

WORDS = {"r": Role.REP, "c": Role.CUSTOMER, "l": Role.LEADER, "agent": Role.REP}
ROLE_NAME = re.compile(r"(rep|agent|customer|leader|unknown|[rcl])\s?(\d{0,2})", re.IGNORECASE)
LONGEST_NAME = 60
PARTICLES = frozenset({"de", "del", "der", "den", "van", "von", "da", "di", "la", "le", "bin", "al", "ten", "y", "und", "and"})


class Voice(NamedTuple):
    """Somebody whom a transcript tells apart, by a key of its own. role: where the format states it, also as unknown."""

    key: str
    name: str | None = None
    role: Role | None = None


def named(name: str) -> Voice:
    """Somebody known by nothing but a name."""
    return Voice(key=name, name=name)


def labels(voices: Iterable[Voice], rep_names: Sequence[str] = ()) -> Mapping[Voice, str]:
    """The speaker label of each: `rep`, `customer2`, ... Different people of one role get different numbers.

    What the format states counts first. Names that are roles (`Rep`, `C`, `customer2`) say so themselves. Else, where one of
    rep_names is among the names, that is a rep, and the others are customers unless the format states that it does not know
    them; without one, all are unknown.
    """
    order = list(dict.fromkeys(voices))
    reps = {_key(name) for name in rep_names if name.strip()}
    one_is_rep = any(_key(voice.name or "") in reps for voice in order)
    found: dict[Voice, str] = {}
    for voice in order:
        if voice.role in (None, Role.UNKNOWN) and (label := role_label(voice.name or "")) is not None:
            found[voice] = label
    taken = set(found.values())
    free = {role: (label for label in _numbered(role) if label not in taken) for role in Role}
    for voice in order:
        if voice not in found:
            found[voice] = next(free[_role(voice, reps, one_is_rep)])
    return found


def finding(turns: Iterable[Turn]) -> RoleFinding | None:
    """That the roles are given: somebody is known to be the rep, or nobody is unknown. None in a leader's recording."""
    roles = {turn.role for turn in turns}
    given = Role.REP in roles or (bool(roles) and Role.UNKNOWN not in roles)
    return RoleFinding(source=RoleSource.GIVEN) if given and Role.LEADER not in roles else None


def role_label(name: str) -> str | None:
    """`rep`, `customer2` ... for a name that is a role or its first letter; else None."""
    match = ROLE_NAME.fullmatch(name.strip())
    if match is None:
        return None
    word = match[1].lower()
    number = match[2].lstrip("0")
    return f"{WORDS.get(word, word)}{number if number != '1' else ''}"


def is_like_a_name(text: str) -> bool:
    """Whether text before a colon can be somebody's name: up to six words, each with a capital, without sentence marks."""
    words = text.split()
    if not 1 <= len(words) <= 6 or len(text) > LONGEST_NAME or re.search(r"[?!,;:<>{}=]", text):
        return False
    return all(word[0].isupper() or word[0] in "(&" or word[0].isdigit() or word.lower() in PARTICLES for word in words)


def _role(voice: Voice, reps: set[str], one_is_rep: bool) -> Role:
    if voice.role is not None and voice.role is not Role.UNKNOWN:
        return voice.role
    if _key(voice.name or "") in reps:
        return Role.REP
    return Role.CUSTOMER if one_is_rep and voice.role is None else Role.UNKNOWN


def _numbered(role: Role) -> Iterator[str]:
    yield role.value
    for number in count(2):
        yield f"{role.value}{number}"


def _key(name: str) -> str:
    return " ".join(re.sub(r"\([^)]*\)", " ", name).casefold().split())
