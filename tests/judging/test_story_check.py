"""Bad stories are named for the right reason, good ones are let be."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from callcoach.domain.definition import Severity, StoryFinding
from callcoach.domain.story import Component, Criterion, Initiative, Insight, ValueStory
from callcoach.intake.rubrics import read_initiative
from callcoach.judging.story_check import check_story

ROOT = Path(__file__).parents[2]
BAD = YAML(typ="safe").load((Path(__file__).parent / "bad_stories.yaml").read_text(encoding="utf-8"))
GOOD = [*sorted((ROOT / "models" / "corpus").glob("*/initiative.yaml")), *sorted((ROOT / "rubrics").glob("*.yaml"))]

COMPLETE = Initiative(
    id="rush",
    name="Rush Lane",
    launched=date(2026, 10, 5),
    type="service",
    owner="M01",
    priority=1,
    growth_driver="customers",
    insight=Insight(source="600 rush jobs of 2025, read again"),
    story=ValueStory(
        wall="Of six hundred rush jobs last year 31 percent came back, and the client spent the next day putting it right.",
        hammer="A rush file goes whole to one linguist who knows the account, by name, up to 4,000 words in 24 hours.",
        part="Ask who cleaned up the last rush file and how long it took, and show that those hours are lost after delivery.",
        position="Ask who cleaned up the last rush file and how long it took.",
        importance="Put those hours beside the price of the file.",
        why_it_matters="Name the person who will not sit over it next time.",
    ),
)


def story_of(entry: dict[str, str]) -> Initiative:
    wall, hammer, part = (" ".join(entry[name].split()) for name in ("wall", "hammer", "part"))
    return replace(COMPLETE, id=entry["id"], name=entry["name"], story=ValueStory(wall=wall, hammer=hammer, part=part))


def vague(initiative: Initiative) -> list[StoryFinding]:
    return [finding for finding in check_story(initiative) if finding.severity is Severity.VAGUE]


def test_there_are_enough_bad_stories_from_enough_industries() -> None:
    assert len(BAD) >= 30
    assert len({entry["industry"] for entry in BAD}) >= 30


@pytest.mark.parametrize("entry", BAD, ids=lambda entry: entry["id"])
def test_a_bad_story_is_named_for_the_right_reason_with_its_words(entry: dict[str, str]) -> None:
    initiative = story_of(entry)
    (finding, *_) = [finding for finding in vague(initiative) if finding.kind == entry["expect"]]
    words = " ".join(word for each in vague(initiative) if each.kind == entry["expect"] for word in each.words)
    assert entry["words"].lower() in words.lower()
    assert finding.better
    text = initiative.story.text.lower()
    # what is quoted stands in the story, word for word (a shortened quote ends in dots; shared words lose their punctuation)
    assert all(word.removesuffix(" ...").lower() in text for word in finding.words) or finding.kind == "wall_is_part"


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem if path.parent.name == "rubrics" else path.parent.name)
def test_no_story_of_the_corpus_or_the_sample_company_is_called_vague(path: Path) -> None:
    assert vague(read_initiative(path)) == []


def test_a_complete_definition_is_let_be() -> None:
    assert [finding for finding in check_story(COMPLETE) if finding.severity is not Severity.NOTE] == []


# Plain stories in other words than the corpus's, none of which the rules were made on.
PLAIN = {
    "bakery": (
        "Cafes order bread at ten at night from memory. We weighed the bins of thirty of them: a fifth of the loaves went out on "
        "Tuesday mornings and by Saturday noon the shelf was bare.",
        "The order fills itself from what the till sold on the same weekday, and the owner changes it until four in the morning.",
        "Look at their own Saturday with them, which loaf went first and who was turned away, and set the next order together.",
    ),
    "school-buses": (
        "Parents ring the office between seven and eight to hear where the bus is; 140 of 200 rings last winter asked just that.",
        "Each bus shows on a map, and a text goes out when it is two stops away.",
        "Ask how many rings the office took on the last icy morning and who took them.",
    ),
    "dentures": (
        "People over seventy put up with dentures that slip: 4 in 10 we asked eat soup in company and steak at home.",
        "Two small posts hold the lower plate; it takes one morning and heals in ten days.",
        "Find out what this person has given up eating and with whom, and say which of those meals comes back and when.",
    ),
    "freight-forms": (
        "Every box that crosses the border carries six forms, typed from one invoice. One box in forty waits a day.",
        "The invoice is read once and fills all six; a person looks at what the reader doubts.",
        "Take this shipper's last held box, the digit that was wrong and what the customer at the other end said.",
    ),
    "night-nurses": (
        "After eleven there is one nurse for thirty rooms. The families of 90 residents told us they lie awake themselves.",
        "A mat under the mattress tells the nurse who is up, and the family sees each morning that the night was calm.",
        "Ask the daughter when she last drove over at night, and why; show her what she would have seen on her phone.",
    ),
}


@pytest.mark.parametrize("name", PLAIN)
def test_plain_stories_that_the_rules_were_not_made_on_are_let_be(name: str) -> None:
    wall, hammer, part = PLAIN[name]
    assert vague(replace(COMPLETE, name="Morning Post", story=ValueStory(wall=wall, hammer=hammer, part=part))) == []


def test_each_missing_piece_is_named_with_its_place() -> None:
    bare = replace(
        COMPLETE,
        type=None,
        owner="",
        priority=None,
        growth_driver=None,
        insight=None,
        story=ValueStory(wall=COMPLETE.story.wall, hammer=COMPLETE.story.hammer, part=COMPLETE.story.part),
    )
    missing = {finding.kind: finding.field for finding in check_story(bare) if finding.severity is Severity.REFUSE}
    assert missing == {
        "no_insight": "value_story.insight",
        "no_type": "type",
        "no_position": "value_story.position",
        "no_importance": "value_story.importance",
        "no_why_it_matters": "value_story.why_it_matters",
        "no_owner": "owner",
        "no_priority": "priority",
        "no_growth_driver": "growth_driver",
    }
    assert vague(bare) == []


def test_a_vague_part_beside_three_good_ones_is_a_note() -> None:
    told = replace(COMPLETE, story=replace(COMPLETE.story, part="Show the value and overcome objections with confidence."))
    finding = next(finding for finding in check_story(told) if finding.component is Component.PART)
    assert (finding.kind, finding.severity, finding.component) == ("part_fits_anyone", Severity.NOTE, Component.PART)


def test_three_empty_phrases_are_no_part() -> None:
    hollow = replace(
        COMPLETE.story,
        position="Position it as peace of mind for every customer.",
        importance="Explain the benefits with confidence.",
        why_it_matters="Make it relevant to their needs.",
    )
    assert [finding.kind for finding in vague(replace(COMPLETE, story=hollow))] == ["part_fits_anyone"]


def test_a_reason_that_says_something_is_no_circle() -> None:
    wall = "Owners stay away because they dread what the advisor will find; of 600 we called, 340 had put a visit off."
    assert vague(replace(COMPLETE, story=replace(COMPLETE.story, wall=wall))) == []


def test_a_criterion_without_enough_examples_is_noted() -> None:
    lone = Criterion(
        id="own-hours", about="part", question="Does the rep ask for this client's hours?", yes=("How long did it take?",)
    )
    finding = check_story(replace(COMPLETE, criteria=(lone,)))[-1]
    assert (finding.kind, finding.severity, finding.field) == ("criterion_cannot_be_told", Severity.NOTE, "criteria")
    assert "own-hours" in finding.sentence
