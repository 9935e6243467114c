from dataclasses import replace

import msgspec
import pytest
from judging_values import BACKUP, judge, signals

from callcoach import judging
from callcoach.domain.call import Transcript, Turn
from callcoach.domain.signals import Signals
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Verdict
from callcoach.judging.features import OUTCOMES, call_matrix
from callcoach.testing import make_call

CALL = make_call(
    """rep 0:02 Hi Dale, this is Ann at Brightline. When did your internet last go down?
    customer 0:08 Saturday before Easter. I had a line out the door and the card machine was dead for two hours.
    rep 0:20 Forty-one of sixty owners we asked had a Saturday like that. So there's a second line now, over the mobile network.
    customer 0:34 And what would that do for me, really?
    rep 0:39 Um. Your card machine would have been back before the second customer got her wallet out.
    customer 0:47 Okay. That I get.""",
    call_id="dale",
)
TOLD = {1: {"need": 0.9}, 2: {"wall": 0.9, "hammer": 0.7}, 3: {"ask": 0.95}, 4: {"part": 0.9, "answer": 0.9}}
LINKS = {4: (1, 0.6)}


def test_an_explaining_call_rests_on_quotes_with_times_and_the_customers_lines() -> None:
    score = judging.score(CALL, BACKUP, signals(CALL, TOLD, LINKS), judge("explains", "222", asked="yes"))
    assert score.verdict is Verdict.EXPLAINS
    assert (score.asked_why, score.answer) == (True, Answer.FULL)
    assert 80 < (score.why_score or 0) <= 100
    for quote in score.evidence:
        assert quote.quote in CALL.turns[quote.turn].text
        assert quote.start is not None and quote.end is not None and quote.start < quote.end
    part = next(quote for quote in score.evidence if quote.act == "part")
    assert part.turn == 4 and part.reply_to == 1
    assert any(quote.act == "need" and quote.turn == 1 and "card machine" in quote.quote for quote in score.evidence)
    answer = next(quote for quote in score.evidence if quote.act == "answer")
    assert answer.reply_to == 3
    assert any(quote.act == "ask" and quote.turn == 3 for quote in score.evidence)


def test_a_recited_line_is_quoted_as_copied() -> None:
    call = make_call(
        "rep 0:02 Hi Dale, I have something new for you today. / customer 0:06 We were down all Saturday. / "
        "rep 0:09 I understand. What that means for you is peace of mind and a business that never stops. / "
        "customer 0:16 If you say so."
    )
    told = {1: {"need": 0.8}, 2: {"recite": 0.9, "part": 0.7, "wall": 0.4, "hammer": 0.4}}
    score = judging.score(call, BACKUP, signals(call, told), judge("recites", "111"))
    recited = [quote for quote in score.evidence if quote.act == "recite"]
    assert [quote.quote for quote in recited] == ["What that means for you is peace of mind and a business that never stops"]
    assert score.copied is not None and score.copied.words == 15
    assert score.answer is Answer.NOT_ASKED and not score.asked_why


@pytest.mark.parametrize(
    ("verdict", "graded", "expected"),
    [
        ("explains", "210", "212"),  # explaining means the part came across
        ("explains", "022", "122"),  # and that there was a wall
        ("not_raised", "222", "000"),  # nothing is told of what is not raised
        ("facts_only", "000", "010"),  # what is raised is at least named
        ("facts_only", "212", "010"),  # bare facts give no why
        ("recites", "122", "111"),  # what is read out is at most mentioned
        ("partial", "210", "210"),
    ],
)
def test_levels_never_contradict_the_verdict(verdict: str, graded: str, expected: str) -> None:
    score = judging.score(CALL, BACKUP, signals(CALL, TOLD, LINKS), judge(verdict, graded))
    assert "".join(str(int(score.levels[part])) for part in Component) == expected


def test_a_second_quote_stands_only_where_little_doubt_is_left() -> None:
    def quoted(second: float) -> list[int]:
        said = signals(CALL, {2: {"hammer": 0.9}, 4: {"hammer": second}})
        score = judging.score(CALL, BACKUP, said, judge("facts_only", "010"))
        return [quote.turn for quote in score.evidence if quote.act == "hammer"]

    assert quoted(0.8) == [2, 4]
    assert quoted(0.6) == [2]


def test_no_quote_builds_on_a_customers_line_that_holds_neither_need_nor_question() -> None:
    def built_on(need: float) -> list[int | None]:
        said = signals(CALL, {1: {"need": need}, 4: {"part": 0.9}}, LINKS)
        score = judging.score(CALL, BACKUP, said, judge("partial", "012"))
        return [quote.reply_to for quote in score.evidence if quote.act == "part"]

    assert built_on(0.9) == [1]
    assert built_on(0.1) == [None]


def test_a_doubtful_question_is_not_shown_beside_a_sure_one() -> None:
    def asked(other: float) -> list[int]:
        said = signals(CALL, {3: {"ask": 0.95}, 5: {"ask": other}})
        score = judging.score(CALL, BACKUP, said, judge("partial", "010", asked="yes"))
        return [quote.turn for quote in score.evidence if quote.act == "ask"]

    assert asked(0.8) == [3, 5]
    assert asked(0.6) == [3]


def test_a_transcript_without_times_or_words_is_judged_without_inventing_any() -> None:
    call = Transcript(call_id="plain", turns=tuple(Turn(speaker=turn.speaker, text=turn.text) for turn in CALL.turns))
    score = judging.score(call, BACKUP, signals(call, TOLD, LINKS), judge("partial", "221", asked="yes"))
    assert all(quote.start is None and quote.end is None for quote in score.evidence)
    assert score.conduct is not None
    assert score.conduct.longest_monologue_s is None and score.conduct.words_per_minute is None
    assert score.conduct.pause_before_answer_s is None


def test_the_pause_before_the_answer_is_measured_from_the_last_word() -> None:
    call = make_call("rep 0:00 " + " ".join(["word"] * 30) + " / customer 0:20 Why would I want that? / rep 0:25 Um. Because.")
    score = judging.score(call, BACKUP, signals(call, {1: {"ask": 0.9}}), judge("stumbles", "010", asked="yes", answer="none"))
    # five words at 0.3 s end at 21.5
    assert score.conduct is not None and score.conduct.pause_before_answer_s == pytest.approx(3.5)
    assert "The pause before the answer was 3.5 seconds." in score.statements


def test_a_voicemail_is_not_assessed_and_claims_nothing() -> None:
    call = make_call("customer You've reached Dale, leave a message. / rep Hi Dale, it's Ann, please call me back.")
    score = judging.score(call, BACKUP, signals(call, {}), judge("explains", "222"))
    assert score.verdict is Verdict.NOT_ASSESSED
    assert score.reason == "The rep reached a voicemail."
    assert score.why_score is None and score.confidence is None and score.evidence == () and score.levels == {}


def test_empty_turns_and_a_silent_customer_do_no_harm() -> None:
    call = Transcript(
        call_id="gaps", turns=(*CALL.turns, Turn(speaker="rep", text=""), Turn(speaker="customer", text="  ")), language="en"
    )
    score = judging.score(call, BACKUP, signals(call, TOLD, LINKS), judge("explains", "222", asked="yes"))
    assert all(quote.quote.strip() for quote in score.evidence)


def test_the_same_input_gives_the_same_bytes_and_names_what_made_it() -> None:
    def judged() -> bytes:
        return msgspec.json.encode(
            judging.score(CALL, BACKUP, signals(CALL, TOLD, LINKS), judge("partial", "210")), order="deterministic"
        )

    assert judged() == judged()
    score = judging.score(CALL, BACKUP, signals(CALL, TOLD, LINKS), judge("partial", "210"))
    assert score.versions == {"initiative": BACKUP.version, "judge": "constant", "rules": "6", "acts": "by hand"}


def test_signals_of_another_transcript_are_refused() -> None:
    with pytest.raises(ValueError, match="another transcript"):
        judging.score(CALL, BACKUP, signals(make_call("rep Hi."), {}), judge("explains", "222"))


def test_signals_read_back_from_a_file_give_the_same_columns_in_the_same_order() -> None:
    fresh = replace(signals(CALL, TOLD, LINKS), outcomes=dict.fromkeys(OUTCOMES, 0.1))
    kept = msgspec.json.decode(msgspec.json.encode(fresh, order="deterministic"), type=Signals)
    assert list(kept.outcomes) != list(fresh.outcomes)
    assert call_matrix(CALL, BACKUP, kept).names == call_matrix(CALL, BACKUP, fresh).names
