from callcoach.domain.call import Turn, Word
from callcoach.speech.turns import PARAGRAPH_WORDS, build_turns, paragraphs


def said(script: str, *, pace: float = 0.3) -> list[Word]:
    """Words from `0.0 Good morning. | 2.5 How are you?`: each group starts at its time, its words follow without a gap."""
    words = []
    for group in script.split("|"):
        start, *texts = group.split()
        for place, text in enumerate(texts):
            words.append(Word(text=text, start=float(start) + pace * place, end=float(start) + pace * (place + 1)))
    return words


def lines(turns: tuple[Turn, ...]) -> list[str]:
    return [f"{turn.speaker}: {turn.text}" for turn in turns]


def test_turns_alternate_as_people_talked() -> None:
    turns = build_turns({"rep": said("0.0 Hi, Gary. | 3.0 New phone thing."), "customer": said("1.0 Busy. What is it?")})
    assert lines(turns) == ["rep: Hi, Gary.", "customer: Busy. What is it?", "rep: New phone thing."]
    assert (turns[0].start, turns[0].end) == (0.0, 0.6)


def test_a_long_pause_does_not_end_a_turn_while_nobody_else_talks() -> None:
    turns = build_turns({"rep": said("0.0 So what it does | 6.0 is, well, it helps."), "customer": said("9.0 Right.")})
    assert lines(turns)[0] == "rep: So what it does is, well, it helps."
    assert turns[0].words[4].start - turns[0].words[3].end > 2.5


def test_mm_hmm_in_a_long_turn_is_its_own_turn_and_cuts_nothing() -> None:
    rep = said("0.0 One caller in nine leaves a message and the rest just call the next business.")
    turns = build_turns({"rep": rep, "customer": said("1.5 Mm-hmm. | 6.0 And what does it cost?")})
    assert [turn.speaker for turn in turns] == ["rep", "customer", "customer"]
    assert turns[0].text.endswith("the next business.")
    assert turns[1].text == "Mm-hmm." and turns[0].start < turns[1].start < turns[0].end


def test_mm_hmm_in_a_breath_of_the_other_cuts_nothing_either() -> None:
    turns = build_turns({"rep": said("0.0 We counted the calls | 1.7 on your own line."), "customer": said("1.3 Yeah.")})
    assert lines(turns) == ["rep: We counted the calls on your own line.", "customer: Yeah."]


def test_yes_after_a_question_is_an_answer_and_ends_the_turn() -> None:
    turns = build_turns({"rep": said("0.0 Is Bonnie there? | 1.5 Then tell her."), "customer": said("1.0 Yes.")})
    assert lines(turns) == ["rep: Is Bonnie there?", "customer: Yes.", "rep: Then tell her."]


def test_okay_in_a_real_gap_is_a_turn_between_two() -> None:
    turns = build_turns({"rep": said("0.0 I will send it. | 4.0 And one more thing."), "customer": said("2.0 Okay.")})
    assert lines(turns) == ["rep: I will send it.", "customer: Okay.", "rep: And one more thing."]


def test_overlapping_talk_keeps_its_true_times_and_the_order_of_its_starts() -> None:
    turns = build_turns({"rep": said("0.0 It is twenty nine dollars a month."), "customer": said("1.5 Wait, how much is that?")})
    assert lines(turns) == ["rep: It is twenty nine dollars a month.", "customer: Wait, how much is that?"]
    assert turns[1].start == 1.5 and turns[0].end == 2.1


def test_an_interruption_in_the_others_pause_divides_the_turn() -> None:
    turns = build_turns({"rep": said("0.0 It runs on | 3.0 your own line."), "customer": said("1.2 Hang on, two-oh-five?")})
    assert lines(turns) == ["rep: It runs on", "customer: Hang on, two-oh-five?", "rep: your own line."]


def test_the_text_of_a_turn_is_its_words_joined_by_single_spaces() -> None:
    turns = build_turns({"rep": said('0.0 "It\'s Dale," he said. | 4.0 Twenty-nine dollars!'), "customer": said("2.0 Huh?")})
    for turn in turns:
        assert turn.text == " ".join(word.text for word in turn.words)
        assert not any(set(word.text) & set(" \t\n") for word in turn.words)


def test_nobody_speaks() -> None:
    assert build_turns({"rep": [], "customer": []}) == ()


def test_a_talk_is_cut_where_a_sentence_ends_in_a_pause() -> None:
    sentence = "We counted the calls on our own lines last year"
    talk = "|".join(f"{5.0 * n} {sentence}." for n in range(8)) + "|40.0 And one more thing"
    (turn,) = build_turns({"leader": said(talk)})
    cut = paragraphs(turn)
    assert [len(part.words) for part in cut] == [30, 30, 24]
    assert PARAGRAPH_WORDS == 30
    assert " ".join(part.text for part in cut) == turn.text
    assert [part.start for part in cut] == [0.0, 15.0, 30.0]


def test_a_talk_without_sentence_ends_is_not_cut() -> None:
    (turn,) = build_turns({"leader": said("|".join(f"{4.0 * n} and so we went on and on" for n in range(9)))})
    assert paragraphs(turn) == (turn,)
