"""What came of calls, from a table a CRM exports: read its rows, and find the call each is about. Opens no other file.

A row is about one call, or about nobody's: where it could be about two, or none, it is named and left out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from callcoach.domain.call import Call, CallKind
from callcoach.domain.coaching import CallProblem
from callcoach.intake.manifest import ManifestRow, read_table

OUTCOMES = "crm.csv"
DEAL_FIELDS = ("product", "tier", "discount", "discount_on", "opened_on", "closed_on", "opportunity_id")
COLUMNS = ("call_id", "account_id", "customer_name", "day", "outcome", "amount", *DEAL_FIELDS)
_NEEDED = (("call_id",), ("account_id", "day"), ("customer_name", "day"))
TIERS = ("low", "high")
FROM_CRM = "crm"
"""The name under which a call keeps which of its fields a CRM's table told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow:
    """One row: its line, what names the call (an id, or an account and a day), and what it tells."""

    line: int
    call_id: str | None
    account: str | None
    day: date | None
    told: Mapping[str, str]


class OutcomeRows(NamedTuple):
    """The rows in order, and the lines that cannot be used."""

    rows: tuple[OutcomeRow, ...]
    problems: tuple[CallProblem, ...]


class Joined(NamedTuple):
    """The calls that a row tells something new of, and one sentence for each row that is about none of them."""

    calls: tuple[Call, ...]
    unmatched: tuple[str, ...]


def read_outcomes(path: Path) -> OutcomeRows:
    """The rows of a CRM's table; cells between commas, semicolons or tabs. A row that cannot be used is a problem.

    Raises BadManifest where the header is missing or names no call: call_id, or account_id or customer_name with day.
    """
    table = read_table(path, needed=_NEEDED, example="call_id,outcome,amount,tier,discount,discount_on", known=COLUMNS)
    rows, problems = [], list(table.problems)
    for row in table.rows:
        where = f"{path.name} line {row.line}"
        read, wrong = _row(row)
        if wrong:
            call_id = row.cells.get("call_id")
            sentence = f"{where}: {wrong}" if call_id else wrong
            problems.append(CallProblem(call_id=call_id or where, sentence=sentence))
        elif read is not None:
            rows.append(read)
    return OutcomeRows(tuple(rows), tuple(problems))


def join(rows: Sequence[OutcomeRow], calls: Sequence[Call], table: str) -> Joined:
    """Each row laid on its call; of several rows on one call the last counts. table: the file's name, for the sentences."""
    by_id = {call.call_id: call for call in calls if call.kind is CallKind.CUSTOMER_CALL}
    by_account: dict[tuple[str, date], list[str]] = {}
    for call in by_id.values():
        for account in {call.extra.get("account_id"), call.customer_name}:
            if account and call.day:
                by_account.setdefault((account.casefold(), call.day), []).append(call.call_id)
    changed: dict[str, Call] = {}
    unmatched = []
    for row in rows:
        found, why = _call_of(row, by_id, by_account)
        if found is None:
            unmatched.append(f"{table} line {row.line}: {why}")
        else:
            changed[found] = _told(changed.get(found, by_id[found]), row.told)
    new = tuple(call for call_id, call in changed.items() if call != by_id[call_id])
    return Joined(new, tuple(unmatched))


def kept_from_crm(call: Call, before: Call | None) -> Call:
    """The call with what a CRM told of it in an earlier run: a manifest that does not say it does not take it back."""
    names = (before.extra.get(FROM_CRM) or "").split() if before else []
    if before is None or not names:
        return call
    told = {name: before.extra[name] for name in names if name in before.extra and name not in call.extra}
    if "outcome" in names and call.outcome is None and before.outcome:
        told["outcome"] = before.outcome
    if "amount" in names and call.amount is None and before.amount is not None:
        told["amount"] = repr(before.amount)
    return _told(call, told) if told else call


def _call_of(
    row: OutcomeRow, by_id: Mapping[str, Call], by_account: Mapping[tuple[str, date], Sequence[str]]
) -> tuple[str | None, str]:
    if row.call_id is not None:
        return (row.call_id, "") if row.call_id in by_id else (None, f"there is no call {row.call_id}.")
    assert row.account is not None and row.day is not None, "a row names a call one way or the other"
    found = by_account.get((row.account.casefold(), row.day), ())
    if len(found) == 1:
        return found[0], ""
    if not found:
        return None, f"there is no call with {row.account} on {row.day}."
    return None, f"there are {len(found)} calls with {row.account} on {row.day}. Write the call_id: {', '.join(sorted(found))}."


def _told(call: Call, told: Mapping[str, str]) -> Call:
    extra = {**call.extra, **{name: text for name, text in told.items() if name in DEAL_FIELDS}}
    extra[FROM_CRM] = " ".join(sorted({*(call.extra.get(FROM_CRM) or "").split(), *told}))
    return replace(
        call,
        outcome=told.get("outcome", call.outcome),
        amount=float(told["amount"]) if "amount" in told else call.amount,
        extra=extra,
    )


def _row(row: ManifestRow) -> tuple[OutcomeRow | None, str | None]:
    """The row, or the sentence why it cannot be used."""
    cells = {name: text for name, text in row.cells.items() if text}
    call_id, account, day = cells.get("call_id"), cells.get("account_id") or cells.get("customer_name"), cells.get("day")
    if call_id is None and (account is None or day is None):
        return None, "it names no call. Write its call_id, or account_id and day."
    for name in ("day", "discount_on", "opened_on", "closed_on"):
        if name in cells and _day(cells[name]) is None:
            return None, f"{name} '{cells[name]}' is no day. Write 2026-10-31."
    if cells.get("tier", "low").lower() not in TIERS:
        return None, f"tier is '{cells['tier']}'. Write low or high, or leave it empty."
    if "discount" in cells and not 0 <= _number(cells["discount"].removesuffix("%").strip()) <= 100:
        return None, f"discount '{cells['discount']}' is no percentage. Write 0 where none was given, 15 for 15%."
    if "amount" in cells and not math.isfinite(_number(cells["amount"])):
        return None, f"amount '{cells['amount']}' is not a number. Write 1200 or 1200.50, without currency and separators."
    told = {name: text for name, text in cells.items() if name in ("outcome", "amount", *DEAL_FIELDS)}
    return OutcomeRow(line=row.line, call_id=call_id, account=account, day=_day(day) if day else None, told=told), None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _number(text: str) -> float:
    try:
        return float(text) if "_" not in text else math.nan
    except ValueError:
        return math.nan
