"""Find what an initiative's definition lacks and where its story is vague, by rules anybody can read. Knows no file and no model.

A rule speaks only where it can show the words it speaks of, or say what is missing; it never rewrites a story.
"""

import re
from collections.abc import Callable, Iterator

from callcoach.domain.definition import Severity, StoryFinding
from callcoach.domain.story import Component, Initiative
from callcoach.judging import story_words as words
from callcoach.judging.wording import content_stems, figures, stem, words_of

FEWEST_WORDS = 8
"""The shortest of the labelled corpus's components has 24 words; under eight there is no room for who and what."""

SAME = 0.6
"""Share of the shorter text's stems that stand in the other; the labelled corpus's walls and parts share at most 0.3."""

MOST_BUZZWORDS = 1
_SMALL = 2
_SHORTEST_RUN = 4
_FEWEST_YES = 2
_FEWEST_NEW_STEMS = 3

_SAY_PROBLEM = "Say what goes wrong for them, how often, and how you know."

BETTER = {
    "no_insight": "insight: {source: calls on 1,140 of our own accounts counted in July}",
    "no_type": "type: product",
    "no_position": "position: Before naming the product, ask who picks up when everybody's hands are full.",
    "no_importance": "importance: Read out this customer's own missed calls of last month and let them do the arithmetic.",
    "no_why_it_matters": "why_it_matters: Name the moment in their day that it covers, and what the text would say.",
    "no_owner": "owner: M01",
    "no_priority": "priority: 1",
    "no_growth_driver": "growth_driver: customers",
    "company_centred": "Twenty-seven of every hundred calls rang out, and most of those callers rang the next business.",
    "no_customer_problem": "Half of 212 shops were without a line for two hours last year, with people at the card machine.",
    "hammer_repeats_name": "When a call rings out, the caller gets a text from the business's own number within ten seconds.",
    "part_fits_anyone": "Ask who cleaned up the last rush file and how long it took; put those hours beside the price.",
    "nothing_concrete": "On Fridays at supper the terminal fails 38 minutes on average, and guests are sent to the cash machine.",
    "wall_is_part": "The wall says what we learned of all customers; the part says what the rep asks and shows this one.",
    "buzzwords": "Say what happens, to whom and when: one regular porter, four hours on the full days, at the same total.",
    "circular": "It matters because the planner's own name is on that guess when the penalty bill comes.",
    "placeholder": "Leave a field out until it is known; what is missing is then named as missing.",
    "too_short": "Two or three sentences: what happens, to whom, how often, and how we know.",
}
"""By the kind of a finding: what would be better."""


def check_story(initiative: Initiative) -> tuple[StoryFinding, ...]:
    """All findings of one initiative: what is missing first, then what is vague, then notes; each in the order of the story."""
    found = [*_missing(initiative), *(finding for rule in _RULES for finding in rule(initiative))]
    order = list(Severity)
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: order.index(finding.severity)))


def _missing(initiative: Initiative) -> Iterator[StoryFinding]:
    story = initiative.story
    wanted: tuple[tuple[str, str, Component | None, object, str], ...] = (
        ("no_insight", "value_story.insight", Component.WALL, initiative.insight, "The wall does not say how it was learned"),
        ("no_type", "type", Component.HAMMER, initiative.type, "The hammer has no type (product, offer, message, price ...)"),
        ("no_position", "value_story.position", Component.PART, story.position, "The part does not say how a rep positions it"),
        (
            "no_importance",
            "value_story.importance",
            Component.PART,
            story.importance,
            "The part does not say how a rep shows its importance",
        ),
        (
            "no_why_it_matters",
            "value_story.why_it_matters",
            Component.PART,
            story.why_it_matters,
            "The part does not say why it matters to this customer",
        ),
        ("no_owner", "owner", None, initiative.owner, "Nobody answers for it: there is no owner"),
        ("no_priority", "priority", None, initiative.priority, "It has no priority among the others"),
        ("no_growth_driver", "growth_driver", None, initiative.growth_driver, "It does not say what it is to grow"),
    )
    for kind, field, component, value, sentence in wanted:
        if value is None or value == "":
            advice = f"Write `{field.rsplit('.', 1)[-1]}`."
            yield _finding(initiative, kind, component, (), f"{sentence}. {advice}", Severity.REFUSE, field=field)


def _placeholders(initiative: Initiative) -> Iterator[StoryFinding]:
    for field, component, text in _texts(initiative):
        if hits := words.found(words.PLACEHOLDERS, text):
            sentence = f"The {_name(field)} is not written yet: {_quoted(hits)}. Write it, or leave the field out."
            yield _finding(initiative, "placeholder", component, hits, sentence, field=field)


def _short(initiative: Initiative) -> Iterator[StoryFinding]:
    for field, component, text in _texts(initiative):
        fewest = FEWEST_WORDS if field.rsplit(".", 1)[-1] in {part.value for part in Component} else FEWEST_WORDS // 2
        if len(words_of(text)) < fewest:
            sentence = f'The {_name(field)} says too little: "{text}". Say who, what and when.'
            yield _finding(initiative, "too_short", component, (text,), sentence, field=field)


def _company(initiative: Initiative) -> Iterator[StoryFinding]:
    for field, component, text in _texts(initiative):
        if component is Component.HAMMER:
            continue
        if hits := words.found(words.COMPANY_GOALS, text):
            if component is Component.WALL:
                sentence = (
                    f"The wall is what the company wants for itself: {_quoted(hits)}. Say what stands in the customers' way."
                )
            else:
                sentence = (
                    f"The {_name(field)} speaks of what the seller gets: {_quoted(hits)}. Say why it matters to the customer."
                )
            yield _finding(initiative, "company_centred", component, hits, sentence, field=field)


def _no_problem(initiative: Initiative) -> Iterator[StoryFinding]:
    wall = initiative.story.wall
    names = [initiative.name, *initiative.terms]
    lacking = re.compile(
        r"(?:do|does|did|are|is|have|has)(?:n['’]t| not) (?:yet )?(?:have|own|use|using|know|aware of|bought)\b[^.;]{0,20}?(?:"
        + "|".join(re.escape(name) for name in names)
        + r")",
        re.IGNORECASE,
    )
    if hits := words.found(lacking, wall):
        sentence = f"The wall is only that customers lack the offer: {_quoted(hits)}. Say what happens to them without it."
        yield _finding(initiative, "no_customer_problem", Component.WALL, hits, sentence)
    elif not words.found(words.TROUBLE, wall):
        named = tuple(name for name in names if name.lower() in wall.lower()) or words.found(words.PRAISE, wall)
        if named:
            sentence = (
                f"The wall describes the offer or the company ({_quoted(named)}) and no problem that customers have. "
                + _SAY_PROBLEM
            )
            yield _finding(initiative, "no_customer_problem", Component.WALL, (*named, wall), sentence)
        else:
            sentence = f'No word of the wall says what goes wrong for a customer: "{_shortened(wall)}". Is it plain enough?'
            yield _finding(initiative, "no_customer_problem", Component.WALL, (wall,), sentence, Severity.NOTE)


def _name_again(initiative: Initiative) -> Iterator[StoryFinding]:
    hammer = initiative.story.hammer
    known = {stem(word) for name in (initiative.name, *initiative.terms) for word in words_of(name)}
    known |= {stem(word) for word in words.LAUNCHING}
    buzz = {stem(word) for hit in words.found(words.BUZZWORDS, hammer) for word in words_of(hit)}
    left = {
        each for each in content_stems(hammer) if not any(each.startswith(root) for root in known | buzz if len(root) > 3)
    } - known
    if len(left) < _FEWEST_NEW_STEMS:
        names = tuple(name for name in (initiative.name, *initiative.terms) if name.lower() in hammer.lower()) or (hammer,)
        sentence = (
            f"The hammer only repeats the name: {_quoted(names)}. Say what is done, by whom, and what is different afterwards."
        )
        yield _finding(initiative, "hammer_repeats_name", Component.HAMMER, names, sentence)


def _anyone(initiative: Initiative) -> Iterator[StoryFinding]:
    """A part is for anyone where it neither asks nor looks up anything, or where its stock phrases outweigh what it asks."""
    story = initiative.story
    apart = [part for part in (story.position, story.importance, story.why_it_matters) if part]
    whole = " ".join(apart) if len(apart) == len(Component) else story.part
    if not words.found(words.DISCOVERY, whole) and not words.found(words.ANYONE, whole):
        sentence = f'The part asks nothing of this customer and looks nothing up: "{_shortened(whole)}". Is it only theirs?'
        yield _finding(initiative, "part_asks_nothing", Component.PART, (whole,), sentence, Severity.NOTE)
    elif hits := _for_anyone(whole):
        sentence = (
            f"The part could be told to any customer: {_quoted(hits)}. Say what to ask or look up, and what to show this one."
        )
        yield _finding(initiative, "part_fits_anyone", Component.PART, hits, sentence)
    elif whole != story.part and (hits := _for_anyone(story.part)):
        sentence = (
            f"Calls are judged by `part`, which could be told to any customer ({_quoted(hits)}); its three parts say more. "
            "Leave `part` out, and the three are judged instead; that makes a new version."
        )
        yield _finding(initiative, "part_fits_anyone", Component.PART, hits, sentence, Severity.NOTE)


def _for_anyone(part: str) -> tuple[str, ...]:
    stock, discovery = words.found(words.ANYONE, part), words.found(words.DISCOVERY, part)
    return stock if not discovery or len(stock) >= 2 * len(discovery) else ()


def _nothing_concrete(initiative: Initiative) -> Iterator[StoryFinding]:
    story = initiative.story
    if not _concrete(" ".join((story.wall, story.hammer, story.part))):
        sentence = (
            f'Neither a figure nor a situation stands anywhere in the story; its wall is "{_shortened(story.wall)}". '
            "Add what was counted or seen."
        )
        yield _finding(initiative, "nothing_concrete", Component.WALL, (story.wall,), sentence)
    elif not _concrete(story.wall):
        sentence = "The wall has neither a figure nor a situation. Reps have nothing to tell that shows it is true."
        yield _finding(initiative, "wall_without_figures", Component.WALL, (), sentence, Severity.NOTE)


def _concrete(text: str) -> bool:
    return any(number > _SMALL for number in figures(text)) or bool(words.found(words.SITUATIONS, text))


def _same(initiative: Initiative) -> Iterator[StoryFinding]:
    story = initiative.story
    for field, component, text in _texts(initiative):
        if component is not Component.PART:
            continue
        wall, part = content_stems(story.wall), content_stems(text)
        shared = wall & part
        hits = _longest_shared(story.wall, text)
        if len(shared) / max(min(len(wall), len(part)), 1) >= SAME and len(words_of(" ".join(hits))) >= _SHORTEST_RUN:
            sentence = (
                f"Wall and {_name(field)} say the same: {_quoted(hits)}. The part is what the rep does with it, and for whom."
            )
            yield _finding(initiative, "wall_is_part", component, hits, sentence, field=field)


def _buzz(initiative: Initiative) -> Iterator[StoryFinding]:
    for field, component, text in _texts(initiative):
        hits = words.found(words.BUZZWORDS, text)
        if hits:
            severity = Severity.VAGUE if len(hits) > MOST_BUZZWORDS else Severity.NOTE
            sentence = (
                f"The {_name(field)} is told in words that fit any company: {_quoted(hits)}. Say what happens, to whom and when."
            )
            yield _finding(initiative, "buzzwords", component, hits, sentence, severity, field=field)


def _circles(initiative: Initiative) -> Iterator[StoryFinding]:
    weight = {stem(word) for word in words.IMPORTANCE}
    for field, component, text in _texts(initiative):
        for claim, reason in words.clauses(text):
            said, given = content_stems(claim), content_stems(reason) - {"becaus", "since"}
            if len(words_of(reason)) < 3 or not claim.strip() or claim.rstrip().lower().endswith("not"):
                continue
            named = {stem(word) for word in words_of(reason)} & weight
            repeated = given & said
            if not (given - said - weight) and (repeated or named):
                hit = " ".join((" ".join(claim.split()[-3:]) + " " + reason.strip()).split()).rstrip(".,;")
                hit = hit if hit in " ".join(text.split()) else reason.strip()
                sentence = f'The {_name(field)} gives itself as its reason: "{hit}". Say what happens otherwise, to whom.'
                yield _finding(initiative, "circular", component, (hit,), sentence, field=field)


def _criteria(initiative: Initiative) -> Iterator[StoryFinding]:
    for criterion in initiative.criteria:
        if len(criterion.yes) < _FEWEST_YES or not (criterion.no or criterion.near_misses):
            sentence = (
                f"Criterion '{criterion.id}' cannot be told from its examples, so it moves no score. "
                "Give two examples of a yes or more, and one of a no or a near miss."
            )
            yield _finding(
                initiative, "criterion_cannot_be_told", None, (criterion.id,), sentence, Severity.NOTE, field="criteria"
            )


_RULES: tuple[Callable[[Initiative], Iterator[StoryFinding]], ...] = (
    _placeholders,
    _short,
    _company,
    _no_problem,
    _name_again,
    _anyone,
    _nothing_concrete,
    _same,
    _buzz,
    _circles,
    _criteria,
)


def _texts(initiative: Initiative) -> Iterator[tuple[str, Component, str]]:
    """Each text of the story with its place in the file; `part` only where it is not told in three."""
    story = initiative.story
    yield "value_story.wall", Component.WALL, story.wall
    yield "value_story.hammer", Component.HAMMER, story.hammer
    apart = {name: getattr(story, name) for name in ("position", "importance", "why_it_matters")}
    if not all(apart.values()):
        yield "value_story.part", Component.PART, story.part
    for name, text in apart.items():
        if text:
            yield f"value_story.{name}", Component.PART, text


def _finding(
    initiative: Initiative,
    kind: str,
    component: Component | None,
    hits: tuple[str, ...],
    sentence: str,
    severity: Severity = Severity.VAGUE,
    *,
    field: str = "",
) -> StoryFinding:
    return StoryFinding(
        initiative_id=initiative.id,
        kind=kind,
        component=component,
        words=hits,
        sentence=sentence,
        better=BETTER.get(kind),
        severity=severity,
        field=field or (f"value_story.{component.value}" if component else ""),
    )


def _name(field: str) -> str:
    return field.rsplit(".", 1)[-1].replace("_", " ")


def _quoted(hits: tuple[str, ...]) -> str:
    return ", ".join(f'"{_shortened(hit)}"' for hit in hits[:4])


def _shortened(text: str) -> str:
    return text if len(text) <= 90 else text[:87].rsplit(" ", 1)[0] + " ..."


def _longest_shared(wall: str, part: str) -> tuple[str, ...]:
    """The longest run of words that stands in both, as it stands in the part."""
    first, second = words_of(wall), words_of(part)
    best: tuple[int, int] = (0, 0)
    for begin in range(len(second)):
        for end in range(len(second), begin + (best[1] - best[0]), -1):
            run = second[begin:end]
            if any(first[place : place + len(run)] == run for place in range(len(first) - len(run) + 1)):
                best = begin, end
                break
    return (" ".join(second[best[0] : best[1]]),) if best[1] > best[0] else ()
