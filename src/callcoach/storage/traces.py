"""Look for what was erased, in rows of a database and in bytes of files. Says where something is left, never what it was."""

import html
import json
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from callcoach.domain.erasure import Forgotten, phones_in, tells
from callcoach.storage.erasing import SAID, rows_as_text
from callcoach.storage.store import Store

PIECE = 1 << 22
LONGEST = 4096
FEWEST_IN_BYTES = 6
"""Shorter texts come about in any bytes; they are looked for in rows alone."""
MOST_IN_BYTES = 50
"""Of a kind: files are searched for each text by itself, rows for all of them."""
ZIPPED = frozenset({".xlsx", ".zip", ".docx"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Something that is left: in which table or file, of which kind, how often."""

    where: str
    what: str
    n: int


@dataclass(frozen=True)
class Sought:
    """What must not be found: by kind (`name`, `quote`), the texts."""

    texts: Mapping[str, frozenset[str]]
    phones: frozenset[str] = frozenset()

    @cached_property
    def _whole_words(self) -> Mapping[str, re.Pattern[str]]:
        return {
            kind: re.compile(r"(?<![\w\-])(?:" + "|".join(map(re.escape, sorted(texts))) + r")(?![\w\-])", re.IGNORECASE)
            for kind, texts in self.texts.items()
            if texts
        }

    @cached_property
    def _lowered(self) -> Mapping[str, tuple[str, ...]]:
        return {kind: tuple({text.lower() for text in texts}) for kind, texts in self.texts.items()}

    @cached_property
    def _bytes(self) -> Mapping[str, tuple[bytes, ...]]:
        kinds = {**self.texts, "phone": self.phones}
        return {
            kind: tuple({spelt for text in _long_enough(texts)[:MOST_IN_BYTES] for spelt in _spellings(text)})
            for kind, texts in kinds.items()
        }

    def in_text(self, text: str, *, kinds: Collection[str] | None = None) -> Iterator[str]:
        """The kinds that a text of a row holds."""
        lowered = text.lower()
        for kind, pattern in self._whole_words.items():
            # a plain search is ten times as fast as the pattern, which tells whole words
            if (kinds is None or kind in kinds) and any(each in lowered for each in self._lowered[kind]) and pattern.search(text):
                yield kind
        if self.phones and any(digits in self.phones for _, _, digits in phones_in(text)):
            yield "phone"

    def in_bytes(self, piece: bytes) -> set[str]:
        """The kinds that a piece of a file holds."""
        lowered = piece.lower()
        return {kind for kind, texts in self._bytes.items() if any(text in lowered for text in texts)}


def sought(forgotten: Forgotten, quotes: Iterable[str] = ()) -> Sought:
    """What tells the forgotten. quotes: sentences that nobody else says; ids that read like a word are left out."""
    ids = {each for each in forgotten.person_ids if tells(each) and each not in forgotten.emails}
    texts = {
        "name": frozenset(name for name in forgotten.names if " " in name),
        "e-mail": forgotten.emails,
        "id of a person": frozenset(ids),
        "id of a call": frozenset(each for each in forgotten.call_ids if tells(each)),
        "hash of a recording": forgotten.contents,
        "quote": frozenset(quotes),
    }
    return Sought({kind: some for kind, some in texts.items() if some}, forgotten.phones)


def in_rows(store: Store, looked_for: Sought) -> tuple[Trace, ...]:
    """What rows still hold. A sentence that is left in what others said was said by them, too, and is nobody's trace."""
    found: dict[tuple[str, str], int] = {}
    for table, text in rows_as_text(store, skip=("erasures",)):
        kinds = [kind for kind in looked_for.texts if kind != "quote" or table not in SAID | {"initiatives"}]
        for kind in looked_for.in_text(text, kinds=kinds):
            found[table, kind] = found.get((table, kind), 0) + 1
    return tuple(Trace(where=f"table {table}", what=kind, n=n) for (table, kind), n in sorted(found.items()))


def said_by_others(store: Store, quotes: Collection[str]) -> frozenset[str]:
    """Those sentences that rows hold: asked after an erasure, they are others' words or the story's."""
    left = set(quotes)
    for _, text in rows_as_text(store, skip=("erasures",)):
        if not left:
            break
        left -= {quote for quote in left if quote in text or json.dumps(quote, ensure_ascii=False)[1:-1] in text}
    return frozenset(quotes) - left


def in_files(files: Iterable[Path], looked_for: Sought) -> tuple[Trace, ...]:
    """What the bytes of files still hold, inside spreadsheets and archives too. A file that is gone meanwhile holds nothing."""
    return tuple(Trace(where=str(file), what=kind, n=1) for file in files for kind in sorted(kinds_in(file, looked_for)))


def kinds_in(file: Path, looked_for: Sought) -> set[str]:
    """The kinds that a file holds."""
    kinds: set[str] = looked_for.in_bytes(str(file.name).encode())
    try:
        with file.open("rb") as opened:
            kinds |= _read(iter(lambda: opened.read(PIECE), b""), looked_for)
        if file.suffix.lower() in ZIPPED:
            with zipfile.ZipFile(file) as archive:
                for name in archive.namelist():
                    with archive.open(name) as member:
                        kinds |= _read(iter(lambda: member.read(PIECE), b""), looked_for)
    except (OSError, zipfile.BadZipFile):
        return kinds
    return kinds


def database_files(engine: Engine) -> tuple[Path, ...]:
    """The SQLite file and its logs, those that are there; none of a server."""
    if engine.dialect.name != "sqlite" or not engine.url.database or engine.url.database == ":memory:":
        return ()
    file = Path(engine.url.database.removeprefix("file:").partition("?")[0])
    every = (file.with_name(file.name + ending) for ending in ("", "-wal", "-shm", "-journal"))
    return tuple(each for each in every if each.is_file())


def _read(pieces: Iterator[bytes], looked_for: Sought) -> set[str]:
    kinds: set[str] = set()
    tail = b""
    for piece in pieces:
        kinds |= looked_for.in_bytes(tail + piece)
        tail = piece[-LONGEST:]
    return kinds


def _long_enough(texts: Iterable[str]) -> list[str]:
    return [text for text in sorted(texts) if len(text.encode()) >= FEWEST_IN_BYTES]


def _spellings(text: str) -> set[bytes]:
    """A text as files hold it: plain, in JSON of either kind, in HTML."""
    spelt = {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], html.escape(text)}
    return {each.encode().lower() for each in spelt}
