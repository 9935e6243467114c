from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from callcoach.domain.call import Role, RoleFinding, RoleSource, Transcript
from callcoach.domain.story import GlossaryTerm, Initiative, ValueStory
from callcoach.judging.role_cues import FEATURES, contrast
from callcoach.judging.roles import (
    RoleCues,
    RoleHead,
    cast,
    contradiction,
    cues_of,
    decode_role_head,
    encode_role_head,
    rep_against,
    side_of,
)
from callcoach.testing import make_call

HEAD = decode_role_head((Path(__file__).parents[2] / "models" / "roles.json").read_bytes())
QUIETLINE = Initiative(
    id="quietline",
    name="QuietLine",
    company="Tallgrass Business Phone",
    launched=date(2026, 10, 5),
    story=ValueStory(wall="Calls go unanswered.", hammer="A text goes out.", part="Ask who picks up."),
    terms=("quiet line",),
    script="When you can't pick up, the caller gets a text from your own number within ten seconds.",
    facts=("29 dollars a month",),
    glossary=(GlossaryTerm(term="QuietLine", heard_as=("quite lime",)),),
)
CUES = cues_of([QUIETLINE], rep_names=["Marcy Dunlap"], customer_names=["Orrin Plumbing"])

# the customer picks up, so the first voice is not the rep's
OUTBOUND = """
unknown Hello, Orrin Plumbing.
unknown2 Hi, this is Marcy with Tallgrass, is this Mr. Orrin? Did I catch you at a bad time?
unknown Yeah, I'm under a sink. What do you need?
unknown2 I'll be quick. I'm calling because we looked at your account, and you miss about nine calls a week. How
many of those call back?
unknown I don't know. My wife used to get the phone, but she's at the school now.
unknown2 Got it. So we have a new one called QuietLine. When you can't pick up, the caller gets a text from your own number, so
they don't dial the next plumber. It's twenty-nine dollars a month.
unknown Okay. How much is it to start? I don't want another contract.
unknown2 Nothing to start, no contract. Would you like me to set it up on your number this week?
unknown I guess. Send me something and I'll look at it.
"""
INBOUND = """
unknown Hi, yeah, I got a letter about my bill and I don't understand it. It's my mom's account, she's eighty-one.
unknown2 I'm sorry about that. Thank you for calling Tallgrass, this is Marcy. Let me pull up your account. Can I get your number?
unknown Sure, it's the one I'm calling from. Why would you send her that? She thinks they're shutting off the phone.
unknown2 I understand. You have two lines with us, and one of them is going up two dollars. I can take that off for you today.
unknown Okay. Do I have to sign anything?
unknown2 No, you don't. Is there anything else I can help you with?
"""


def call(script: str) -> Transcript:
    lines = [line.strip() for line in script.strip().splitlines()]
    joined: list[str] = []
    for line in lines:
        if line.split()[0].rstrip("0123456789") in ("unknown", "rep", "customer", "leader"):
            joined.append(line)
        else:
            joined[-1] += f" {line}"
    return make_call("\n".join(joined))


def renamed(transcript: Transcript, **names: str) -> Transcript:
    return replace(
        transcript, turns=tuple(replace(turn, speaker=names.get(turn.speaker, turn.speaker)) for turn in transcript.turns)
    )


def speakers(transcript: Transcript) -> list[str]:
    return [turn.speaker for turn in transcript.turns]


def test_the_rep_is_told_though_the_customer_picks_up() -> None:
    told = cast(call(OUTBOUND), CUES, HEAD)
    assert speakers(told)[:3] == ["customer", "rep", "customer"]
    assert told.roles is not None and told.roles.source is RoleSource.HEARD
    assert told.roles.confidence is not None and told.roles.confidence > 0.99


def test_the_rep_is_told_without_a_single_known_name() -> None:
    assert speakers(cast(call(OUTBOUND), RoleCues(), HEAD))[1] == "rep"


def test_the_rep_is_told_in_lower_case_without_punctuation() -> None:
    heard = call(OUTBOUND)
    plain = replace(
        heard,
        turns=tuple(
            replace(turn, text="".join(c for c in turn.text.lower() if c.isalnum() or c in " '")) for turn in heard.turns
        ),
    )
    assert speakers(cast(plain, CUES, HEAD)) == speakers(cast(heard, CUES, HEAD))


def test_in_a_service_call_the_one_who_rang_is_the_customer() -> None:
    assert speakers(cast(call(INBOUND), CUES, HEAD))[:2] == ["customer", "rep"]


def test_only_labels_and_roles_change() -> None:
    before = call(OUTBOUND)
    told = cast(before, CUES, HEAD)
    assert [(turn.text, turn.start) for turn in told.turns] == [(turn.text, turn.start) for turn in before.turns]
    assert (told.call_id, told.duration, told.language) == (before.call_id, before.duration, before.language)


@pytest.mark.parametrize("script", [OUTBOUND, INBOUND])
def test_given_labels_stay_and_are_confirmed(script: str) -> None:
    given = renamed(call(script), unknown="customer", unknown2="rep")
    told = cast(given, CUES, HEAD)
    assert speakers(told) == speakers(given)
    assert told.roles is not None and told.roles.source is RoleSource.GIVEN
    assert told.roles.confidence is not None and told.roles.confidence > 0.9
    assert contradiction(told) is None


def test_swapped_labels_stay_and_are_called_swapped() -> None:
    swapped = renamed(call(OUTBOUND), unknown="rep", unknown2="customer")
    told = cast(swapped, CUES, HEAD)
    assert speakers(told) == speakers(swapped)
    assert told.roles is not None and told.roles.contradicted
    sentence = contradiction(told)
    assert sentence is not None and "rep_channel" in sentence


def test_labels_are_not_doubted_on_slight_grounds() -> None:
    # nothing here but a lean: below contradicted_at nobody is told that the labels are swapped
    given = make_call(
        "rep Yeah my truck is in the shop so I guess I can look / customer Would you like me to send you the list for that"
    )
    told = cast(given, RoleCues(), HEAD)
    assert told.roles is not None and not told.roles.contradicted


def test_too_little_said_leaves_everybody_unknown() -> None:
    short = make_call("unknown Hello? / unknown2 Hello. / unknown Can you hear me?")
    told = cast(short, CUES, HEAD)
    assert speakers(told) == speakers(short)
    assert told.roles == RoleFinding(source=RoleSource.HEARD)


def test_talk_that_tells_nothing_leaves_everybody_unknown() -> None:
    # two people about the weather: a probability, but no labels
    weather = "the rain came down all night and the road was under water by the bridge"
    told = cast(make_call(f"unknown {weather} / unknown2 {weather} / unknown {weather} / unknown2 {weather}"), CUES, HEAD)
    assert set(speakers(told)) == {"unknown", "unknown2"}
    assert told.roles is not None and told.roles.confidence == 0.5


def test_another_language_is_not_guessed_at() -> None:
    told = cast(replace(call(OUTBOUND), language="es"), CUES, HEAD)
    assert set(speakers(told)) == {"unknown", "unknown2"}
    assert told.roles == RoleFinding(source=RoleSource.HEARD)


def test_one_voice_alone_stays_unknown() -> None:
    alone = make_call(
        "unknown Hi, this is Marcy with Tallgrass, I'm calling about your lines. " + "Give me a call when you can. " * 5
    )
    told = cast(alone, CUES, HEAD)
    assert speakers(told) == ["unknown"]
    assert told.roles == RoleFinding(source=RoleSource.HEARD)


def test_a_machine_is_not_the_rep() -> None:
    told = cast(
        make_call(
            "unknown You've reached Gary. Leave a message after the tone."
            " / unknown2 Hi Gary, it's Marcy over at Tallgrass, I was calling you about QuietLine. We have you down for Tuesday,"
            " and I wanted to go over it with you. I'll try you again tomorrow."
        ),
        CUES,
        HEAD,
    )
    assert speakers(told) == ["customer", "rep"]


def test_a_second_customer_is_a_customer_or_stays_unknown() -> None:
    script = OUTBOUND + (
        "unknown3 Is that the phone people? Tell them I don't want it, I already have my cell and my brother does the books."
        " Why would we pay for that? I can't even get my own messages.\n"
    )
    told = cast(call(script), CUES, HEAD)
    assert speakers(told)[1] == "rep"
    assert [speaker for speaker in set(speakers(told)) if speaker.startswith("rep")] == ["rep"]
    assert speakers(told)[-1] in ("customer2", "unknown3")


def test_a_third_voice_with_a_word_or_two_stays_unknown() -> None:
    told = cast(call(OUTBOUND + "unknown3 Bye now.\n"), CUES, HEAD)
    assert set(speakers(told)) == {"rep", "customer", "unknown3"}


def test_of_two_parties_the_other_follows_from_the_one_given() -> None:
    told = cast(renamed(call(OUTBOUND), unknown2="rep"), CUES, HEAD)
    assert set(speakers(told)) == {"rep", "customer"}
    assert told.roles is not None and told.roles.source is RoleSource.GIVEN


def test_beside_a_rep_somebody_who_does_not_talk_like_a_customer_stays_unknown() -> None:
    together = make_call(
        "rep Hi, this is Marcy with Tallgrass, calling about your lines. How many calls do you miss in a week?"
        " / unknown Hi, this is Walt with Tallgrass too. We have a new one called QuietLine, it's twenty-nine dollars a month."
        " / rep I can set it up on your number this week, there is no contract."
        " / unknown We looked at your account, and the caller gets a text from your own number within ten seconds."
    )
    assert set(speakers(cast(together, CUES, HEAD))) == {"rep", "unknown"}


def test_a_leader_is_left_alone() -> None:
    huddle = make_call("leader Good morning, this is Ray, let me tell you about QuietLine. / unknown How much is it?")
    assert cast(huddle, CUES, HEAD) is huddle


@pytest.mark.parametrize(
    "transcript",
    [
        call(OUTBOUND),
        call(INBOUND),
        # unsure
        make_call("unknown Hello? / unknown2 Hello. / unknown Can you hear me?"),
        # given, given swapped, half given
        renamed(call(OUTBOUND), unknown="customer", unknown2="rep"),
        renamed(call(OUTBOUND), unknown="rep", unknown2="customer"),
        renamed(call(OUTBOUND), unknown2="rep"),
        # a third voice
        call(OUTBOUND + "unknown3 Bye now.\n"),
        # nobody at all
        make_call(""),
    ],
)
def test_casting_twice_changes_nothing(transcript: Transcript) -> None:
    once = cast(transcript, CUES, HEAD)
    assert cast(once, CUES, HEAD) == once


def test_swapping_the_sides_flips_the_answer_exactly() -> None:
    transcript = call(OUTBOUND)
    one, other = side_of(transcript, ["unknown"]), side_of(transcript, ["unknown2"])
    assert contrast(one, other, CUES) == tuple(-value for value in contrast(other, one, CUES))
    there = rep_against(transcript, ["unknown"], ["unknown2"], CUES, HEAD)
    back = rep_against(transcript, ["unknown2"], ["unknown"], CUES, HEAD)
    assert there is not None and back is not None and there + back == 1.0


def feature(name: str, script: str, cues: RoleCues = CUES) -> float:
    """The number `name` for unknown against unknown2."""
    transcript = make_call(script)
    difference = contrast(side_of(transcript, ["unknown"]), side_of(transcript, ["unknown2"]), cues)
    return dict(zip(FEATURES, difference, strict=True))[name]


@pytest.mark.parametrize(
    ("name", "script"),
    [
        # the name as it is misheard counts too
        ("offer", "unknown We call it quite lime. / unknown2 Okay."),
        # who names it first, however often the other says it afterwards
        ("names_offer_first", "unknown It's QuietLine. / unknown2 QuietLine? QuietLine?"),
        # part of the company's name is enough
        ("opens_with_company", "unknown This is Ana at Tallgrass. / unknown2 Who?"),
        # the rep introduces herself; the customer says her name back
        ("own_name", "unknown Hi, this is Marcy. / unknown2 Hi there."),
        ("others_name", "unknown Okay then. / unknown2 Thanks, Marcy."),
        # the customer picks up under his own name
        ("own_name", "unknown Who is it? / unknown2 This is Orrin Plumbing."),
        ("script", "unknown the caller gets a text from your own number / unknown2 what text do you mean by that"),
    ],
)
def test_known_names_tell_the_first_from_the_second(name: str, script: str) -> None:
    assert feature(name, script) > 0
    assert feature(name, script, RoleCues()) == 0


def test_a_name_that_is_a_word_tells_nothing_in_passing() -> None:
    cues = cues_of([], rep_names=["Bill Hart"])
    assert feature("others_name", "unknown What is it? / unknown2 The bill came to ninety.", cues) == 0
    assert feature("own_name", "unknown Hi, this is Bill. / unknown2 Hello.", cues) > 0


def test_a_name_of_both_sides_is_left_out() -> None:
    cues = cues_of([], rep_names=["Ana Ruiz"], customer_names=["Ana Bell"])
    assert cues.rep_names == ("ana ruiz",)
    assert "ana" not in cues.customer_names


def test_who_speaks_first_is_no_feature() -> None:
    assert feature("talk", "unknown one two three / unknown2 one two three") == 0
    first = make_call("unknown Okay then fine / unknown2 Okay then fine")
    assert rep_against(first, ["unknown"], ["unknown2"], CUES, replace(HEAD, half_words=0.0)) is None
    assert set(contrast(side_of(first, ["unknown"]), side_of(first, ["unknown2"]), CUES)) == {0.0}


def test_weights_go_through_json_and_back() -> None:
    assert decode_role_head(encode_role_head(HEAD, {"calls": 3})) == HEAD


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"not json",
        # one digit altered
        encode_role_head(HEAD, {}).replace(str(HEAD.cast_at).encode(), b"0.5"),
        # a feature of another version
        encode_role_head(RoleHead(names=("a",), scales=(1.0,), weights=(1.0,), half_words=1, cast_at=0.9, contradicted_at=1), {}),
    ],
)
def test_altered_weights_are_refused(body: bytes) -> None:
    with pytest.raises(ValueError):
        decode_role_head(body)


def test_the_fingerprint_changes_with_a_threshold() -> None:
    assert HEAD.fingerprint != replace(HEAD, cast_at=0.9).fingerprint
    assert CUES.fingerprint != RoleCues().fingerprint == RoleCues().fingerprint


def test_no_role_is_lost_on_the_way() -> None:
    told = cast(call(OUTBOUND), CUES, HEAD)
    assert {turn.role for turn in told.turns} == {Role.REP, Role.CUSTOMER}


def test_who_picks_up_a_call_that_the_customer_made_is_more_likely_the_rep() -> None:
    picked_up = """
    unknown Tallgrass Business, this is someone who sits here today.
    unknown2 Hi there. There was something on the radio this morning about quiet line and I wanted to know what that is.
    unknown I've got nothing under that name, nobody told us. I could make something up, I'd rather not. I'll ask and ring back.
    unknown2 It's funny that I hear of it before you do. Thursday is good for me, before ten in the morning.
    """
    call = make_call(picked_up)
    rung = cues_of([QUIETLINE], direction="Inbound")
    unasked = rep_against(call, ["unknown"], ["unknown2"], CUES, HEAD)
    asked = rep_against(call, ["unknown"], ["unknown2"], rung, HEAD)
    other = rep_against(call, ["unknown2"], ["unknown"], rung, HEAD)
    assert asked is not None and unasked is not None and other is not None
    assert asked > unasked and asked + other == pytest.approx(1)
    assert rung.fingerprint != cues_of([QUIETLINE]).fingerprint
    # a call that the rep made tells nothing: many recordings begin after the hello
    assert cues_of([QUIETLINE], direction="outbound") == cues_of([QUIETLINE])
