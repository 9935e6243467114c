"""Who and what is to be forgotten, and how a text or a kept value reads without them. Knows nothing of where it is kept."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from callcoach.domain.spoken_numbers import said_digits

GONE = "[erased]"
STAND_IN = "erased-"
MASK = "█"
PHONE_DIGITS = 9
"""Of a phone number the last so many digits tell it: what comes before is written in many ways."""
FEWEST_PHONE_DIGITS = 7
MOST_PHONE_DIGITS = 18
_PHONE = re.compile(r"\+?\d(?:[\s().\-/]{0,3}\d){6,17}")
_TELLING_ID = re.compile(r"(?=.*[A-Za-z])(?=.*[\d._@-]).{3,}")
OF_A_CALL = ("call_id", "turn", "quote", "start", "end", "heard_on")


def phone_digits(text: str) -> str | None:
    """What tells a phone number however it is written; None where the text has too few digits to be one."""
    digits = re.sub(r"\D", "", text)
    return digits[-PHONE_DIGITS:] if len(digits) >= FEWEST_PHONE_DIGITS else None


def phones_in(text: str) -> Iterable[tuple[int, int, str]]:
    """Where phone numbers stand in a text, in order, and what tells each: written ones, and those said digit by digit."""
    written = [found.span() for found in _PHONE.finditer(text)]
    said = [
        (each.begin, each.end, each.digits)
        for each in said_digits(text)
        if len(each.digits) <= MOST_PHONE_DIGITS and not any(begin < each.end and each.begin < end for begin, end in written)
    ]
    for begin, end, number in sorted([*((begin, end, text[begin:end]) for begin, end in written), *said]):
        digits = phone_digits(number)
        if digits is not None:
            yield begin, end, digits


def plain_email(text: str) -> str:
    """An e-mail as it is compared."""
    return text.strip().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks to be forgotten: people by id or e-mail, phone numbers, calls."""

    rep_ids: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    call_ids: frozenset[str] = frozenset()

    @property
    def people(self) -> int:
        """How many people are asked for, each way of naming one counted."""
        return len(self.rep_ids) + len(self.emails) + len(self.phones)

    def __bool__(self) -> bool:
        return bool(self.people or self.call_ids)


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """All that is to go. stand_in: what stands where an id was, so that what a person decided still has one author.

    phones: as `phone_digits` has them; quotes: sentences said in the calls, to be taken out of what people wrote elsewhere.
    """

    call_ids: frozenset[str] = frozenset()
    contents: frozenset[str] = frozenset()
    person_ids: frozenset[str] = frozenset()
    account_ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    quotes: frozenset[str] = frozenset()
    stand_in: str = STAND_IN + "0"

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What is looked for in texts, the longest first: names, e-mails, and ids that cannot be mistaken for a word."""
        ids = {each for each in (*self.person_ids, *self.call_ids) if tells(each)}
        return tuple(sorted({*self.names, *self.emails, *self.contents, *ids}, key=lambda text: (-len(text), text)))

    @cached_property
    def of_people(self) -> tuple[str, ...]:
        """What tells the people in words that somebody else said: e-mails, and names of two words or more."""
        return tuple(sorted({*(name for name in self.names if " " in name), *self.emails}, key=lambda text: (-len(text), text)))

    @cached_property
    def _texts(self) -> re.Pattern[str] | None:
        return _any_of(self.texts)

    @cached_property
    def _people(self) -> re.Pattern[str] | None:
        return _any_of(self.of_people)

    @cached_property
    def _quotes(self) -> re.Pattern[str] | None:
        return re.compile("|".join(map(re.escape, sorted(self.quotes, key=len, reverse=True)))) if self.quotes else None

    def is_in(self, path: str) -> bool:
        """Whether the name of a file or folder is that of a forgotten call or person."""
        lowered = path.lower()
        return any(each.lower() in lowered for each in self.texts)

    def scrubbed(self, value: Any, *, leave_out: Collection[str] = ()) -> Any:
        """A kept value (as JSON has it) of people's own making without what is forgotten.

        leave_out: names of fields; a part of a list in which one of them holds a forgotten person's id is left out whole.
        """
        match value:
            case str():
                return self._of_text(value)
            case list():
                kept = (each for each in value if not self._goes(each, leave_out))
                return [self.scrubbed(each, leave_out=leave_out) for each in kept]
            case dict():
                # what somebody wrote with a place in a call keeps their own words and loses the place
                lost = OF_A_CALL if value.get("call_id") in self.call_ids else ()
                return {
                    self.stand_in if name in self.person_ids else name: (
                        None if name in lost else self.scrubbed(part, leave_out=leave_out)
                    )
                    for name, part in value.items()
                }
        return value

    def masked(self, value: Any) -> Any:
        """What was said in a call that stays, with names, e-mails and phones covered letter by letter: places hold still."""
        match value:
            case str():
                return self.covered(value)
            case list():
                return [self.masked(each) for each in value]
            case dict():
                covered = {name: self.masked(part) for name, part in value.items()}
                if isinstance(value.get("text"), str) and isinstance(value.get("words"), list):
                    covered["words"] = self._words(value["words"], covered["words"])
                return covered
        return value

    def covered(self, text: str) -> str:
        """A text of the same length without names, e-mails and phones."""
        if self._people is not None:
            text = self._people.sub(lambda found: _mask(found[0]), text)
        for begin, end, digits in phones_in(text) if self.phones else ():
            if digits in self.phones:
                text = text[:begin] + _mask(text[begin:end]) + text[end:]
        return text

    def _of_text(self, text: str) -> str:
        if text in self.person_ids:
            return self.stand_in
        if text in self.call_ids:
            return GONE
        if self._quotes is not None:
            text = self._quotes.sub(GONE, text)
        if self._texts is not None:
            text = self._texts.sub(GONE, text)
        if self.phones:
            for begin, end, digits in reversed(list(phones_in(text))):
                if digits in self.phones:
                    text = text[:begin] + GONE + text[end:]
        return text

    def _goes(self, part: Any, leave_out: Collection[str]) -> bool:
        if isinstance(part, str):
            return part in self.call_ids
        if not isinstance(part, dict):
            return False
        return part.get("call_id") in self.call_ids or any(part.get(name) in self.person_ids for name in leave_out)

    def _words(self, words: list[Any], covered: list[Any]) -> list[Any]:
        """Words with their times: a name goes over several of them."""
        said = [str(word.get("text", "")) for word in words]
        whole, at, spans = " ".join(said), 0, []
        for text in said:
            spans.append((at, at + len(text)))
            at += len(text) + 1
        masked = self.covered(whole)
        if masked == whole:
            return covered
        return [{**word, "text": masked[begin:end], "heard": None} for word, (begin, end) in zip(covered, spans, strict=True)]


def without_script(quotes: Iterable[str], scripts: Iterable[str]) -> frozenset[str]:
    """Those quotes that no script or story holds: words that everybody reads out are nobody's trace."""
    known = "\n".join(scripts)
    return frozenset(quote for quote in quotes if quote not in known)


def tells(text: str) -> bool:
    """Whether an id can be told from a word: it has a letter and something that is none."""
    return _TELLING_ID.fullmatch(text) is not None


def _any_of(texts: tuple[str, ...]) -> re.Pattern[str] | None:
    """Whole words, in whatever case."""
    if not texts:
        return None
    words = "|".join(map(re.escape, texts))
    return re.compile(rf"(?<![\w@+\-])(?<!\w\.)(?:{words})(?![\w@]|[.\-]\w)", re.IGNORECASE)


def _mask(text: str) -> str:
    return "".join(MASK if letter.isalnum() else letter for letter in text)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One thing that was erased: what kind of thing, a keyed hash of it, and the second it was asked for, as text in UTC."""

    kind: str
    hash: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Every erasure, with the key of its hashes (hex): what a backup needs to be restored without what was erased since."""

    key: str
    entries: tuple[LedgerEntry, ...] = field(default=())
