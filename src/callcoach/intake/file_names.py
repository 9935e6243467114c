"""What a company's own way of naming files says of a call: `{date:%Y%m%d}_{rep_id}_{call_id}`. Opens no file."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise
from string import Formatter

import parse

from callcoach.errors import UsageError
from callcoach.intake.call_files import AUDIO_ENDINGS, TRANSCRIPT_ENDINGS
from callcoach.intake.facts import WrongField, facts_in_name
from callcoach.intake.manifest import COLUMNS

SETTING = "CALLCOACH_FILE_NAME_PATTERN"
DATE, TIME = "date", "time"
"""Together they are started_at."""

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,59}")
_NOT_IN_A_NAME = frozenset({"audio_path", "transcript_path", "kind"})
_OF_TIME = frozenset({DATE, TIME, "started_at"})
_ONE_LENGTH = re.compile(r"%|(\d+)\.\1(?!\d)")
_LONGEST = 300


def _is_whole_day(form: str) -> bool:
    """Whether two days are never written alike; strptime would put in 1900 or January."""
    day, others = date(2001, 2, 3), (date(2002, 2, 3), date(2001, 3, 3), date(2001, 2, 4))
    return all(day.strftime(form) != other.strftime(form) for other in others)


class FileNames:
    """How files are named: by the pattern of the settings, or, where there is none, `DAY_REP_CALL`."""

    def __init__(self, pattern: str | None) -> None:
        """Raises UsageError for a pattern that nothing can be read with."""
        self.pattern = pattern
        self._formats: dict[str, str] = {}
        self._parser = None if pattern is None else self._compiled(pattern)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the pattern, in its order; none without a pattern."""
        return tuple(self._parser.named_fields) if self._parser is not None else ()

    @property
    def unknown_fields(self) -> tuple[str, ...]:
        """Those that mean nothing to callcoach and are kept with the call: meant so, or misspelt."""
        return tuple(each for each in self.fields if each not in {*COLUMNS, DATE, TIME})

    def facts(self, stem: str) -> Mapping[str, str]:
        """The facts in a name without its ending. Raises WrongField where it does not follow the pattern of the settings."""
        if self._parser is None:
            return facts_in_name(stem)
        try:
            found = self._parser.parse(stem, evaluate_result=False) if len(stem) <= _LONGEST else None
        except (ValueError, OverflowError):
            found = None
        if found is None:
            raise WrongField(self._stranger(f"its name does not follow the pattern {self.pattern}"))
        said = {name: text.strip() for name, text in found.match.groupdict().items()}
        for name in self._formats:
            said[name] = self._moment(name, said[name])
        day, hour = said.pop(DATE, None), said.pop(TIME, None)
        if day is not None:
            said["started_at"] = day if hour is None else f"{day}T{hour}"
        return {"call_id": stem, **said}

    def _moment(self, name: str, text: str) -> str:
        """As other metadata is written. Written back it must be the same text, or digits were told apart by chance."""
        form = self._formats[name]
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - without an offset it is taken as it stands, as elsewhere
            if moment.strftime(form).casefold() != text.casefold():
                raise ValueError(text)
        except ValueError:
            raise WrongField(
                self._stranger(f"{name} in its name is '{text}', not as {form} in the pattern {self.pattern}")
            ) from None
        if name == DATE:
            return moment.date().isoformat()
        return moment.timetz().isoformat() if name == TIME else moment.isoformat()

    def _stranger(self, what: str) -> str:
        return f"{what} ({SETTING}). Rename it, or write a row in manifest.csv or a sidecar for it."

    def _compiled(self, pattern: str) -> "parse.Parser":
        for ending in (*AUDIO_ENDINGS, *TRANSCRIPT_ENDINGS, ".*"):
            if pattern.lower().endswith(ending):
                pattern = pattern[: -len(ending)]
                break
        try:
            parts = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(pattern) if name is not None]
            for name, spec, conversion in parts:
                self._checked(name, spec or "", conversion)
            names = [name for name, _, _ in parts]
            self._told_apart(pattern)
            if not names or len(set(names)) < len(names):
                raise UsageError(self._unusable("it names no field" if not names else "it names a field twice"))
            if TIME in names and DATE not in names:
                raise UsageError(self._unusable("it has {time} without {date}"))
            if "started_at" in names and DATE in names:
                raise UsageError(self._unusable("it has {started_at} beside {date}; one of them is enough"))
            compiled = parse.compile(pattern)
            for name, form in self._formats.items():
                if name != TIME and not _is_whole_day(form):
                    raise UsageError(self._unusable(f"{{{name}:{form}}} does not say year, month and day"))
            return compiled
        except ValueError as trouble:
            raise UsageError(self._unusable(str(trouble))) from None

    def _checked(self, name: str, spec: str, conversion: str | None) -> None:
        if not _FIELD.fullmatch(name) or conversion or name in _NOT_IN_A_NAME:
            raise UsageError(self._unusable(f"{{{name}}} is no field; fields are like {{rep_id}}, in small letters"))
        if "%" in spec and name not in _OF_TIME:
            raise UsageError(self._unusable(f"{{{name}:{spec}}} is no date; only date, time and started_at are"))
        if name in _OF_TIME and "%" in spec:
            self._formats[name] = spec

    def _told_apart(self, pattern: str) -> None:
        """Nobody can tell where a field ends that is of any length and has nothing behind it before the next one."""
        if "/" in pattern or "\\" in pattern:
            raise UsageError(self._unusable("it holds a slash; only the name of a file is read, not its folders"))
        pieces = list(Formatter().parse(pattern))
        for (_, name, spec, _), (between, following, _, _) in pairwise(pieces):
            if name and following and not between and not _ONE_LENGTH.match(spec or ""):
                raise UsageError(self._unusable(f"nothing stands between {{{name}}} and {{{following}}}"))

    def _unusable(self, what: str) -> str:
        return (
            f"{SETTING} cannot be used: {what}. Write it like {{date:%Y%m%d}}_{{rep_id}}_{{call_id}}; known fields: {DATE}, "
            f"{TIME}, {', '.join(column for column in COLUMNS if column not in _NOT_IN_A_NAME)}; others are kept with the call."
        )
