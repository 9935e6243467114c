"""Read folders of labelled calls, contrast twins expanded, and refuse every mistake in them by file and line.

models/corpus/BRIEF.md (calls) and TWINS.md (twins) define the format. Knows nothing of how calls are judged or learnt from.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from callcoach.domain.call import Transcript, Turn
from callcoach.domain.signals import Act
from callcoach.domain.story import Component, Initiative, ValueStory
from callcoach.domain.verdict import JUDGED_VERDICTS, Answer, Behaviours, Level, Verdict
from callcoach.errors import BadCorpus
from callcoach.training.labelled_text import CallBlock, Edit, Mistakes, TaggedTurn, read_call_blocks, read_twin_blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLabels:
    """What a careful person said of a call; rationale is their sentence."""

    verdict: Verdict
    levels: Mapping[Component, Level]
    asked_why: bool
    answer: Answer
    behaviours: Behaviours
    rationale: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledCall:
    """A written call with its labels. base_id: the call this one is a contrast twin of; tags: the acts of each turn, in order."""

    call_id: str
    base_id: str | None
    initiative_id: str
    writer: str
    rep: str
    transcript: Transcript
    labels: CallLabels
    tags: tuple[frozenset[Act], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledInitiative:
    """An initiative with its calls: base calls in the file's order, then their twins."""

    initiative: Initiative
    writer: str
    calls: tuple[LabelledCall, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """All initiatives of a folder, by id."""

    initiatives: tuple[LabelledInitiative, ...]

    @property
    def calls(self) -> tuple[LabelledCall, ...]:
        """Every call, initiative by initiative."""
        return tuple(call for initiative in self.initiatives for call in initiative.calls)

    @property
    def stories(self) -> dict[str, Initiative]:
        """The initiatives by id, as judging knows them."""
        return {labelled.initiative.id: labelled.initiative for labelled in self.initiatives}


class _Base(NamedTuple):
    call: LabelledCall
    turns: tuple[TaggedTurn, ...]


def read_corpus(folder: Path) -> Corpus:
    """Read `folder`: one initiative's folder, or a folder of them (then WRITERS.yaml beside them names who wrote which).

    An initiative whose writer is not named counts as a writer of its own. twins.txt may be missing. Source of the checks: the
    definitions in BRIEF.md and TWINS.md. Raises BadCorpus listing every mistake found, each with file, line and what to do.
    """
    folders = _initiative_folders(folder)
    mistakes = Mistakes()
    writers = _read_writers(folder, mistakes)
    initiatives = []
    seen: dict[str, str] = {}
    for initiative_folder in folders:
        labelled = _read_initiative_folder(initiative_folder, writers, mistakes)
        if labelled is None:
            continue
        initiatives.append(labelled)
        for call_id in (labelled.initiative.id, *(call.call_id for call in labelled.calls)):
            if call_id in seen:
                mistakes.add(
                    initiative_folder, None, f'"{call_id}" is also used in {seen[call_id]}. Give one of the two another id.'
                )
            seen[call_id] = initiative_folder.name
    mistakes.raise_if_any()
    return Corpus(initiatives=tuple(initiatives))


def _initiative_folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise BadCorpus(
            f"{folder}: there is no such folder. Name a folder of labelled calls, as models/corpus/BRIEF.md describes it."
        )
    if (folder / "initiative.yaml").is_file() or (folder / "calls.txt").is_file():
        return [folder]
    folders = sorted(
        child for child in folder.iterdir() if (child / "initiative.yaml").is_file() or (child / "calls.txt").is_file()
    )
    if not folders:
        raise BadCorpus(
            f"{folder}: no labelled calls here. Each initiative needs a folder with initiative.yaml and calls.txt"
            " (models/corpus/BRIEF.md describes them)."
        )
    return folders


def _read_yaml(path: Path, mistakes: Mistakes) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        mistakes.add(path, None, "not UTF-8 text. Save it as UTF-8.")
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        mistakes.add(path, mark.line + 1 if mark else None, f"not valid YAML: {problem}. Mend the line.")
    return None


def _read_writers(folder: Path, mistakes: Mistakes) -> dict[str, str]:
    for place in (folder, folder.resolve().parent):
        path = place / "WRITERS.yaml"
        if path.is_file():
            writers = _read_yaml(path, mistakes)
            if isinstance(writers, dict) and all(isinstance(name, str) for name in writers.values()):
                return {str(initiative): name for initiative, name in writers.items()}
            if writers is not None:
                mistakes.add(path, None, "lines are to read `initiative-id: writer`.")
            return {}
    return {}


def _read_initiative_folder(folder: Path, writers: Mapping[str, str], mistakes: Mistakes) -> LabelledInitiative | None:
    paths = folder / "initiative.yaml", folder / "calls.txt"
    for path in paths:
        if not path.is_file():
            mistakes.add(path, None, "missing. An initiative's folder holds initiative.yaml and calls.txt.")
            return None
    initiative = _read_initiative(paths[0], mistakes)
    if initiative is None:
        return None
    writer = writers.get(initiative.id, initiative.id)
    bases: dict[str, _Base] = {}
    for block in read_call_blocks(paths[1], mistakes):
        turns = tuple(turn for _, turn in block.turns)
        rep = block.header.get("rep")
        if rep is None:
            mistakes.add(block.path, block.line, f"{block.call_id} names no rep. Write rep=R01 after the id.")
        call = _labelled(block, turns, initiative, writer, rep or "", None, mistakes)
        if block.call_id in bases:
            mistakes.add(block.path, block.line, f"{block.call_id} is there twice. Give one of the two another id.")
        elif call:
            bases[block.call_id] = _Base(call, turns)
    if not bases:
        mistakes.add(paths[1], None, "holds no call that can be read. A call begins with a line `=== call-id rep=R01`.")
    twins: dict[str, LabelledCall] = {}
    twins_path = folder / "twins.txt"
    for block in read_twin_blocks(twins_path, mistakes) if twins_path.is_file() else ():
        twin = _read_twin(block, bases, initiative, writer, mistakes)
        if block.call_id in twins or block.call_id in bases:
            mistakes.add(block.path, block.line, f"{block.call_id} is there twice. Give one of the two another id.")
        elif twin:
            twins[block.call_id] = twin
    return LabelledInitiative(
        initiative=initiative, writer=writer, calls=(*(base.call for base in bases.values()), *twins.values())
    )


def _read_initiative(path: Path, mistakes: Mistakes) -> Initiative | None:
    fields = _read_yaml(path, mistakes)
    if not isinstance(fields, dict):
        if fields is not None:
            mistakes.add(path, None, "is to hold fields: id, name, company, value_story and so on.")
        return None
    story = fields.get("value_story")
    story = story if isinstance(story, dict) else {}
    wanted = {name: fields.get(name) for name in ("id", "name", "company", "growth_driver", "script")}
    wanted |= {f"value_story.{part.value}": story.get(part.value) for part in Component}
    wrong = [
        f"`{name}` is missing or empty. Write it as a text."
        for name, text in wanted.items()
        if not (isinstance(text, str) and text.strip())
    ]
    for name in ("terms", "facts"):
        listed = fields.get(name)
        if not (isinstance(listed, list) and listed and all(isinstance(item, str) for item in listed)):
            wrong.append(f"`{name}` is to be a list of texts. Put quotes around a text that holds a colon.")
    if not isinstance(fields.get("launched"), date):
        wrong.append("`launched` is to be a day like 2026-10-05.")
    for sentence in wrong:
        mistakes.add(path, None, sentence)
    if wrong:
        return None
    return Initiative(
        id=fields["id"],
        name=fields["name"],
        launched=fields["launched"],
        company=fields["company"],
        industry=fields.get("industry"),
        growth_driver=fields["growth_driver"],
        terms=tuple(fields["terms"]),
        story=ValueStory(**{part.value: story[part.value].strip() for part in Component}),
        script=fields["script"].strip(),
        facts=tuple(fields["facts"]),
    )


def _read_twin(
    block: CallBlock, bases: Mapping[str, _Base], initiative: Initiative, writer: str, mistakes: Mistakes
) -> LabelledCall | None:
    base = bases.get(block.header.get("from", ""))
    if base is None:
        named = block.header.get("from", "nothing")
        mistakes.add(block.path, block.line, f"{block.call_id} comes from {named}, which calls.txt does not hold. Mend from=.")
        return None
    turns = tuple(_edited(base, block, mistakes))
    twin = _labelled(block, turns, initiative, writer, base.call.rep, base.call.call_id, mistakes)
    if twin and twin.labels.verdict is base.call.labels.verdict:
        mistakes.add(block.path, block.line, f"{block.call_id} has the verdict of its base call. A twin is to turn the verdict.")
    return twin


def _edited(base: _Base, block: CallBlock, mistakes: Mistakes) -> Iterator[TaggedTurn]:
    replaced: dict[int, Edit] = {}
    inserted: dict[int, list[TaggedTurn]] = {}
    for line, edit in block.edits:
        if edit.number >= len(base.turns):
            mistakes.add(
                block.path,
                line,
                f"names turn {edit.number}, but {base.call.call_id} ends with turn {len(base.turns) - 1} (counted from 0).",
            )
        elif edit.insert and edit.turn:
            inserted.setdefault(edit.number, []).append(edit.turn)
        elif edit.number in replaced:
            mistakes.add(block.path, line, f"changes turn {edit.number} a second time. Keep one of the two lines.")
        else:
            speaker = base.turns[edit.number].speaker
            if edit.turn and edit.turn.speaker != speaker:
                mistakes.add(block.path, line, f"turn {edit.number} is the {speaker}'s. Keep the speaker, or delete and insert.")
            replaced[edit.number] = edit
    for number, turn in enumerate(base.turns):
        kept = replaced[number].turn if number in replaced else turn
        if kept:
            yield kept
        yield from inserted.get(number, ())


def _labelled(
    block: CallBlock,
    turns: tuple[TaggedTurn, ...],
    initiative: Initiative,
    writer: str,
    rep: str,
    base_id: str | None,
    mistakes: Mistakes,
) -> LabelledCall | None:
    labels = _read_labels(block, turns, mistakes)
    if not turns:
        mistakes.add(block.path, block.line, f"{block.call_id} has no turns. Write lines `R: ...` and `C: ...` under it.")
    if labels is None or not turns:
        return None
    return LabelledCall(
        call_id=block.call_id,
        base_id=base_id,
        initiative_id=initiative.id,
        writer=writer,
        rep=rep,
        transcript=Transcript(
            call_id=block.call_id,
            turns=tuple(Turn(speaker=turn.speaker, text=turn.text) for turn in turns),
            language=initiative.language,
        ),
        labels=labels,
        tags=tuple(turn.acts for turn in turns),
    )


def _read_labels(block: CallBlock, turns: tuple[TaggedTurn, ...], mistakes: Mistakes) -> CallLabels | None:
    read: dict[str, Any] = {}
    allowed: dict[str, dict[str, Any]] = {
        "verdict": {verdict.value: verdict for verdict in JUDGED_VERDICTS},
        **{part.value: {str(int(level)): level for level in Level} for part in Component},
        "answer": {answer.value: answer for answer in Answer},
        **{name: {"yes": True, "no": False} for name in ("asked_why", "offer_hunting", "feature_dump", "diagnosed_first")},
    }
    for name, meanings in allowed.items():
        word = block.labels.get(name)
        if word in meanings:
            read[name] = meanings[word]
        else:
            said = f"{name}={word}" if word is not None else f"no {name}="
            mistakes.add(block.path, block.line, f"{block.call_id} has {said}. Write {name}= and one of {', '.join(meanings)}.")
    if len(read) < len(allowed):
        return None
    tagged = frozenset().union(*(turn.acts for turn in turns))
    for part in Component:
        if (read[part.value] > Level.ABSENT) != (Act(part.value) in tagged):
            turn_tags = "a turn is" if Act(part.value) in tagged else "no turn is"
            mistakes.add(
                block.path,
                block.line,
                f"{block.call_id} has {part.value}={int(read[part.value])}, but {turn_tags} tagged so. Mend one of the two.",
            )
    if read["asked_why"] != (Act.ASK in tagged):
        mistakes.add(block.path, block.line, f"{block.call_id}: asked_why and the `ask` tags disagree. Mend one of the two.")
    # TWINS.md leaves the answer of an unasked twin open: an edit may take the question away and keep what answered it
    if not block.edits and (read["answer"] is Answer.NOT_ASKED) == read["asked_why"]:
        mistakes.add(block.path, block.line, f"{block.call_id}: answer is na exactly when asked_why is no. Mend one of the two.")
    if read["verdict"] is Verdict.EXPLAINS and not (read["part"] is Level.EXPLAINED and read["wall"] > Level.ABSENT):
        mistakes.add(block.path, block.line, f"{block.call_id}: explains needs part=2 and wall above 0. Mend the labels.")
    return CallLabels(
        verdict=read["verdict"],
        levels={part: read[part.value] for part in Component},
        asked_why=read["asked_why"],
        answer=read["answer"],
        behaviours=Behaviours(
            offer_hunting=read["offer_hunting"], feature_dump=read["feature_dump"], diagnosed_first=read["diagnosed_first"]
        ),
        rationale=block.rationale,
    )
