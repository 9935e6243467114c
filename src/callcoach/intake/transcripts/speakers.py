"""From the names in a transcript to roles. Guesses nobody's role from what they say."""

import re
from collections.abc import Iterable, Mapping, Sequence

from callcoach.domain.call import Role

LETTERS = {"r": Role.REP, "c": Role.CUSTOMER, "l": Role.LEADER}
ROLE_NAME = re.compile(r"(rep|customer|leader|unknown|[rcl])\s?(\d{0,2})", re.IGNORECASE)
LONGEST_NAME = 60
PARTICLES = frozenset({"de", "del", "der", "den", "van", "von", "da", "di", "la", "le", "bin", "al", "ten", "y", "und", "and"})


def labels(names: Iterable[str], rep_names: Sequence[str] = ()) -> Mapping[str, str]:
    """The speaker label of each name: `rep`, `customer2`, ... Different people of one role get different numbers.

    Names that are roles (`Rep`, `C`, `customer2`) say so themselves. Else, where one of rep_names is among the names, that is a
    rep and the others are customers; without one, all are unknown.
    """
    order = list(dict.fromkeys(names))
    reps = {_key(name) for name in rep_names if name.strip()}
    one_is_rep = any(_key(name) in reps for name in order)
    found: dict[str, str] = {}
    for name in order:
        if (label := role_label(name)) is not None:
            found[name] = label
    for name in order:
        if name not in found:
            role = Role.UNKNOWN if not one_is_rep else Role.REP if _key(name) in reps else Role.CUSTOMER
            found[name] = _free_label(role, set(found.values()))
    return found


def role_label(name: str) -> str | None:
    """`rep`, `customer2` ... for a name that is a role or its first letter; else None."""
    match = ROLE_NAME.fullmatch(name.strip())
    if match is None:
        return None
    word = match[1].lower()
    number = match[2].lstrip("0")
    return f"{LETTERS.get(word, word)}{number if number != '1' else ''}"


def is_like_a_name(text: str) -> bool:
    """Whether text before a colon can be somebody's name: up to six words, each with a capital, without sentence marks."""
    words = text.split()
    if not 1 <= len(words) <= 6 or len(text) > LONGEST_NAME or re.search(r"[?!,;:<>{}=]", text):
        return False
    return all(word[0].isupper() or word[0] in "(&" or word[0].isdigit() or word.lower() in PARTICLES for word in words)


def _free_label(role: Role, taken: set[str]) -> str:
    number = 1
    while (label := role.value if number == 1 else f"{role.value}{number}") in taken:
        number += 1
    return label


def _key(name: str) -> str:
    return " ".join(re.sub(r"\([^)]*\)", " ", name).casefold().split())
