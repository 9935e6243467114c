"""Forget a person, or a call: find all there is, show it, take it out, and look whether anything is left.

Whose calls are which is decided here; where rows and files lie is not known here.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from callcoach.app import ledger
from callcoach.app.audit import note, verify_audit
from callcoach.app.erased_files import Leftovers, files_to_search, forget_fetched, leftovers, remove
from callcoach.app.ledger import Kind
from callcoach.app.log_files import log_files, marks_of, without_lines
from callcoach.app.workspace import Workspace
from callcoach.coaching.notation import count
from callcoach.domain.call import Transcript
from callcoach.domain.erasure import (
    STAND_IN,
    Forgotten,
    Wanted,
    phone_digits,
    phones_in,
    plain_email,
    tells,
    without_script,
)
from callcoach.errors import UsageError
from callcoach.events import Erased, say
from callcoach.storage.audit import Audit
from callcoach.storage.bodies import utc
from callcoach.storage.erasing import Erasing
from callcoach.storage.erasures import Erasures
from callcoach.storage.traces import Sought, Trace, database_files, in_files, in_rows, said_by_others, sought

MOST_CALLS, MOST_PEOPLE = 200, 5
"""In a day: more is asked about once more, for a slip would take months of work with it."""
LEAST_QUOTE = 25
MOST_QUOTES = 50
"""Sentences of what is erased, the longest first, that are looked for afterwards."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an erasure would take: calls with the reason, people by id, rows by table, files; unknown: what nothing is known of.

    elsewhere: files outside the home folder that name it and are left as they are.
    """

    calls: Mapping[str, str]
    people: tuple[str, ...]
    accounts: int
    rows: Mapping[str, int]
    files: tuple[Path, ...]
    recordings: tuple[Path, ...]
    elsewhere: tuple[Trace, ...]
    unknown: tuple[str, ...]
    forgotten: Forgotten = field(repr=False)
    quotes: frozenset[str] = field(default=frozenset(), repr=False)
    texts: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to erase."""
        return not (self.calls or self.people or self.accounts or self.rows or self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What was erased, and what is left: traces in the database and the home folder, none where all went well.

    kept: files that could not be deleted. backups: made before, they hold it still until they are thrown away; restored, they
    are without it. untold: backups beside which the ledger could not be written. settled: whether the database could give up
    the bytes of what was deleted; another program that holds it open may stand in the way.
    """

    calls: int
    people: int
    rows: Mapping[str, int]
    files: int
    recordings: int
    recordings_left: tuple[Path, ...]
    vectors: int
    audit_lines: int
    log_lines: int
    searched: int
    traces: tuple[Trace, ...]
    elsewhere: tuple[Trace, ...]
    kept: tuple[Path, ...]
    backups: tuple[Path, ...]
    untold: tuple[Path, ...]
    settled: bool
    audit_was_wrong: str | None = None


def asked_for(rep: Iterable[str], email: Iterable[str], phone: Iterable[str], call: Iterable[str]) -> Wanted:
    """What somebody typed. Raises UsageError where it is nothing, or no phone number."""
    phones = {each: phone_digits(each) for each in phone}
    short = next((each for each, digits in phones.items() if digits is None), None)
    if short is not None:
        raise UsageError(f"{short}: this is no phone number. Give at least seven digits of it.")
    wanted = Wanted(
        rep_ids=frozenset(rep),
        emails=frozenset(map(plain_email, email)),
        phones=frozenset(digits for digits in phones.values() if digits),
        call_ids=frozenset(call),
    )
    if not wanted:
        raise UsageError("Say what is to be erased: --rep ID, --email ADDRESS, --phone NUMBER or --call ID.")
    return wanted


def planned(workspace: Workspace, wanted: Wanted) -> Plan:
    """What would go. Changes nothing."""
    erasing = Erasing(workspace.store)
    forgotten, unknown = _people(erasing, wanted)
    why = _calls(erasing, wanted, forgotten)
    contents = frozenset(call.content for call in erasing.known_calls() if call.call_id in why)
    forgotten = replace(forgotten, call_ids=frozenset(why), contents=contents)
    texts = frozenset(_texts(erasing, why))
    quotes = without_script((each for each in texts if len(each) >= LEAST_QUOTE), erasing.scripts())
    written = "\n".join(str(msgspec.json.decode(each)) for each in erasing.people_wrote()) if quotes else ""
    forgotten = replace(forgotten, quotes=frozenset(quote for quote in quotes if quote in written))
    sample = frozenset(sorted(quotes, key=lambda quote: (-len(quote), quote))[:MOST_QUOTES])
    there = _leftovers(workspace, forgotten, sample)
    known_calls = sorted(wanted.call_ids - set(why))
    return Plan(
        calls=dict(sorted(why.items())),
        people=tuple(sorted(forgotten.person_ids & {each.person_id for each in erasing.people()} - forgotten.emails)),
        accounts=len(forgotten.account_ids),
        rows=erasing.tried(forgotten),
        files=there.own,
        recordings=there.recordings,
        elsewhere=there.elsewhere,
        unknown=(*unknown, *(f"No call {each} is kept." for each in known_calls)),
        forgotten=forgotten,
        quotes=sample,
        texts=texts,
    )


def erase(
    workspace: Workspace, wanted: Wanted, *, now: datetime, recordings: bool = False, over_the_limit: bool = False
) -> Erasure:
    """Take out all that `planned` shows, and look for traces. Begun again after a stop, it does what is left.

    First it is noted, so that nothing comes back; then files and lines of the log go, then rows. Raises UsageError where it is
    unusually much.
    """
    plan = planned(workspace, wanted)
    if not over_the_limit:
        _brake(workspace, plan, wanted, now)
    forgotten = plan.forgotten
    was_wrong = verify_audit(workspace).wrong
    noted = ledger.entries(
        workspace,
        now,
        call_ids=forgotten.call_ids | wanted.call_ids,
        contents=forgotten.contents,
        person_ids=(forgotten.person_ids | wanted.rep_ids) - forgotten.account_ids - forgotten.emails,
        emails=forgotten.emails | wanted.emails,
        phones=wanted.phones,
    )
    Erasures(workspace.store).note(noted)
    untold = ledger.tell_backups(workspace)
    forget_fetched(workspace, plan.files, sought(forgotten))
    kept = remove((*plan.files, *(plan.recordings if recordings else ())))
    vectors = _forget_vectors(workspace, plan.texts)
    erasing = Erasing(workspace.store)
    # while the rows are there, what they tell of a person is found again after a stop; so the rows go last
    lines = _audit(workspace, forgotten)
    logged = without_lines(workspace.settings, marks_of(forgotten.contents, forgotten.account_ids))
    rows = erasing.erase(forgotten)
    subjects = sorted({each.hash[:16] for each in noted if each.kind in (Kind.CALL, Kind.PERSON, Kind.EMAIL, Kind.PHONE)})
    note(
        workspace,
        None,
        "erase",
        " ".join(subjects[:20]),
        now,
        calls=len(plan.calls),
        people=len(plan.people),
        audit_lines_changed=lines,
        log_before=was_wrong or "whole",
    )
    settled = erasing.purge()
    searched = _search(workspace, plan)
    say(Erased(calls=len(plan.calls), people=len(plan.people), files=len(plan.files), traces=len(searched[1])))
    return Erasure(
        calls=len(plan.calls),
        people=len(plan.people),
        rows=rows,
        files=len(plan.files),
        recordings=len(plan.recordings) if recordings else 0,
        recordings_left=() if recordings else plan.recordings,
        vectors=vectors,
        audit_lines=lines,
        log_lines=logged,
        searched=len(searched[0]),
        traces=searched[1],
        elsewhere=plan.elsewhere,
        kept=kept,
        backups=ledger.backups(workspace),
        untold=untold,
        settled=settled,
        audit_was_wrong=was_wrong,
    )


def _people(erasing: Erasing, wanted: Wanted) -> tuple[Forgotten, tuple[str, ...]]:
    """Everybody who is asked for with all that is known of them, and sentences about whom nothing is known."""
    people, accounts = erasing.people(), erasing.accounts()
    ids, emails, names, account_ids = set(wanted.rep_ids), set(wanted.emails), set[str](), set[str]()
    known = {each.person_id for each in people}
    for _ in range(2):  # an account may lead to a person, and the person to another account
        for each in people:
            if each.person_id in ids or (each.email and plain_email(each.email) in emails):
                ids.add(each.person_id)
                names |= {each.name} if each.name else set()
                emails |= {plain_email(each.email)} if each.email else set()
        for account_id, email, person_id in accounts:
            if plain_email(email) in emails or (person_id is not None and person_id in ids):
                account_ids.add(account_id)
                emails.add(plain_email(email))
                ids |= {person_id} if person_id else set()
    unknown = tuple(f"Nobody with the id {each} is known." for each in sorted(wanted.rep_ids - known))
    # who has no id in the people file signs what they write with their e-mail
    signs = ids | account_ids | emails
    forgotten = Forgotten(
        person_ids=frozenset(signs),
        account_ids=frozenset(account_ids),
        names=frozenset(names),
        emails=frozenset(emails),
        phones=wanted.phones,
        stand_in=STAND_IN + secrets.token_hex(4),
    )
    return forgotten, unknown


def _calls(erasing: Erasing, wanted: Wanted, forgotten: Forgotten) -> dict[str, str]:
    """The calls that go, each with why."""
    why: dict[str, str] = {}
    of_colleagues = {plain_email(each.email) for each in erasing.people() if each.email}
    for call in erasing.known_calls():
        facts = ledger.facts_of(call)
        if call.call_id in wanted.call_ids:
            why[call.call_id] = "named"
        elif call.rep_id is not None and call.rep_id in forgotten.person_ids:
            why[call.call_id] = f"a call of {call.rep_id}"
        elif any(email in plain_email(fact) for fact in facts for email in wanted.emails):
            why[call.call_id] = "the e-mail stands in what is known of it"
        elif any(digits in wanted.phones for fact in facts for _, _, digits in phones_in(fact)):
            why[call.call_id] = "the phone number stands in what is known of it"
    # a colleague's address is said in other people's calls, and is covered there; a customer's makes the call theirs
    said = wanted.emails - of_colleagues
    if said or wanted.phones:
        for call_id, text in erasing.words():
            if call_id not in why and (
                any(email in text.lower() for email in said) or any(digits in wanted.phones for _, _, digits in phones_in(text))
            ):
                why[call_id] = "it is said in it"
    return why


def _texts(erasing: Erasing, call_ids: Iterable[str]) -> Iterable[str]:
    for _, body in erasing.words(sorted(call_ids)):
        for turn in msgspec.json.decode(body, type=Transcript).turns:
            yield turn.text
            yield from _SENTENCE.split(turn.text)


def _leftovers(workspace: Workspace, forgotten: Forgotten, quotes: frozenset[str]) -> Leftovers:
    erasing = Erasing(workspace.store)
    calls = [call for call in erasing.known_calls() if call.call_id in forgotten.call_ids]
    names = {Path(path).name for call in calls for path in (call.audio_path, call.transcript_path) if path}
    return leftovers(
        workspace,
        sought(forgotten, quotes),
        forgotten.contents,
        erasing.places(forgotten.contents),
        names,
        with_briefs=bool(forgotten.call_ids or forgotten.person_ids),
    )


def _brake(workspace: Workspace, plan: Plan, wanted: Wanted, now: datetime) -> None:
    day = Erasures(workspace.store).since(utc(now - timedelta(days=1)))
    calls = len(plan.calls) + day.get(Kind.CALL.value, 0)
    people = wanted.people + day.get(Kind.PERSON.value, 0)
    if calls > MOST_CALLS or people > MOST_PEOPLE:
        raise UsageError(
            f"This would make {count(calls, 'call')} and {count(people, 'person', 'people')} erased within a day, and more than "
            f"{MOST_CALLS} calls or {MOST_PEOPLE} people are unusual. Nothing was erased. If it is meant, add --over-the-limit."
        )


def _forget_vectors(workspace: Workspace, texts: frozenset[str]) -> int:
    if not texts or not workspace.memory.is_dir() or not any(workspace.memory.glob("vectors-*.npz")):
        return 0
    from callcoach.language.forget import forget_texts  # numpy, and only where vectors are kept

    return forget_texts(workspace.memory, texts)


def _audit(workspace: Workspace, forgotten: Forgotten) -> int:
    """Lines of the log keep a keyed hash where an id, a name or an e-mail stood."""
    key = ledger.key_of(workspace)

    def hashed(kind: Kind, text: str) -> str:
        return f"erased:{ledger.hashed(key, kind, text)[:16]}"

    whole = {each: hashed(Kind.CALL, each) for each in forgotten.call_ids}
    whole |= {each: hashed(Kind.PERSON, each) for each in forgotten.person_ids}
    whole |= {each: hashed(Kind.EMAIL, each) for each in forgotten.emails}
    within = {each: instead for each, instead in whole.items() if tells(each)} | {
        name: hashed(Kind.PERSON, name) for name in forgotten.names
    }

    def without(text: str) -> str:
        if text in whole:
            return whole[text]
        for each, instead in sorted(within.items(), key=lambda pair: -len(pair[0])):
            text = re.sub(rf"(?<![\w\-]){re.escape(each)}(?![\w\-])", instead, text, flags=re.IGNORECASE)
        return text

    def changed(line: Mapping[str, Any]) -> Mapping[str, Any]:
        said = msgspec.json.decode(line["body"])
        fresh = {**said, "email": without(said["email"]), "details": {k: without(v) for k, v in said["details"].items()}}
        account_id = line["account_id"]
        return {
            "account_id": whole[account_id] if account_id in forgotten.account_ids else account_id,
            "subject": without(line["subject"]),
            "body": line["body"] if fresh == said else msgspec.json.encode(fresh, order="deterministic").decode(),
        }

    return Audit(workspace.store).rewrite(changed)


def _search(workspace: Workspace, plan: Plan) -> tuple[list[Path], tuple[Trace, ...]]:
    """The files that were searched, and what is left in them and in the rows."""
    store = workspace.store
    own_words = plan.quotes - said_by_others(store, plan.quotes)
    looked_for: Sought = sought(plan.forgotten, own_words)
    files = [*database_files(store.engine), *files_to_search(workspace)]
    logs = log_files(workspace.settings)
    marks = Sought({"mark": marks_of(plan.forgotten.contents, plan.forgotten.account_ids)})
    files += [log for log in logs if log not in files]
    return files, (*in_rows(store, looked_for), *in_files(files, looked_for), *in_files(logs, marks))
