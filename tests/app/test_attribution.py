"""What is made of recognised words before they are judged: language, names, roles."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from callcoach.app.attribution import Attribution
from callcoach.domain.call import Call, RoleSource, Transcript, Turn, Word
from callcoach.domain.people import Company, Person, PersonRole
from callcoach.domain.story import GlossaryTerm, Initiative, ValueStory
from callcoach.judging.roles import decode_role_head
from callcoach.weights.locate import locate

CATCHBACK = Initiative(
    id="catchback",
    name="CatchBack",
    company="Wrenfield Business",
    launched=date(2026, 10, 5),
    story=ValueStory(wall="Calls ring out.", hammer="A text goes out.", part="Read the count."),
    terms=("catchback", "missed-call list"),
    glossary=(GlossaryTerm(term="CatchBack", heard_as=("catch bag",)), GlossaryTerm(term="Wrenfield")),
)
DANA = Person(id="R01", name="Dana Fox", role=PersonRole.REP)
HEAD = decode_role_head(Path(locate("roles")).read_bytes())
CALL = Call(call_id="a", content="c", audio_path="a.wav", rep_id="R01", customer_name="Kimball Tire")
LINES = (
    ("unknown", "Kimball Tire, this is Ed."),
    ("unknown2", "Hi Ed, this is Dana Fox with Wrenfield, we look after your phone lines. Do you have two minutes?"),
    ("unknown", "I guess so. What's this about? We're pretty busy in the shop today."),
    ("unknown2", "We have something new called catch bag. When you miss a call, the caller gets a text from your own number."),
    ("unknown", "And what does that do for me? How much is it?"),
    ("unknown2", "It's twenty-nine dollars a month per location, and I can show you how many calls you missed last month."),
)


def heard(lines: tuple[tuple[str, str], ...] = LINES) -> Transcript:
    turns = []
    for place, (speaker, text) in enumerate(lines):
        words = tuple(
            Word(text=word, start=place * 10 + number * 0.3, end=place * 10 + number * 0.3 + 0.2)
            for number, word in enumerate(text.split())
        )
        turns.append(Turn(speaker=speaker, text=text, start=words[0].start, end=words[-1].end, words=words))
    return Transcript(call_id="a", turns=tuple(turns))


def attribution(*people: Person, initiatives: tuple[Initiative, ...] = (CATCHBACK,)) -> Attribution:
    return Attribution(initiatives, Company(people=people), HEAD)


def test_language_names_and_roles_are_told_from_the_words() -> None:
    told = attribution(DANA).of(heard(), CALL)
    assert told.language == "en"
    assert [turn.speaker for turn in told.turns] == ["customer", "rep"] * 3
    assert told.roles is not None and told.roles.source is RoleSource.HEARD and (told.roles.confidence or 0) >= 0.95
    assert "called CatchBack." in told.turns[3].text
    assert [(word.heard, word.text) for word in told.turns[3].words if word.heard] == [
        ("catch bag.", "CatchBack."),
    ]


def test_doing_it_twice_changes_nothing() -> None:
    told = attribution(DANA).of(heard(), CALL)
    assert attribution(DANA).of(told, CALL) == told


def test_what_is_in_another_language_keeps_unknown_speakers() -> None:
    spanish = (
        ("unknown", "Buenos días, le llamo de Wrenfield para contarle una cosa nueva que tenemos para su negocio."),
        ("unknown2", "Dígame, pero tengo poco tiempo porque estamos con mucho trabajo en el taller esta mañana."),
        ("unknown", "Cuando usted no puede contestar, la persona que llama recibe un mensaje desde su propio número."),
    )
    told = attribution(DANA).of(heard(spanish), CALL)
    assert told.language == "es" and {turn.speaker for turn in told.turns} == {"unknown", "unknown2"}


def test_the_key_names_what_the_result_depends_on_and_nothing_else() -> None:
    key = attribution(DANA).key(CALL)
    colleague = Person(id="R02", name="Walt Hale", role=PersonRole.REP)
    assert attribution(DANA, colleague).key(CALL) == key  # a new colleague makes no call stale
    assert attribution(replace(DANA, name="Dana Wolf")).key(CALL) != key
    assert attribution(DANA).key(replace(CALL, customer_name="Petal and Stem")) != key
    assert attribution(DANA).key(replace(CALL, direction="inbound")) != key
    reworded = replace(CATCHBACK, script="Thanks for taking my call, we have something new for you.")
    assert attribution(DANA, initiatives=(reworded,)).key(CALL) != key
    moved = replace(CATCHBACK, launched=date(2026, 10, 6))
    assert attribution(DANA, initiatives=(moved,)).key(CALL) == key
