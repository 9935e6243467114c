from callcoach.judging.overlap import copied_runs, copied_share, longest_copy

SCRIPT = (
    "We talked with owners like you and found that internet outages cost real money. That's why we built Backup Line. "
    "What that means for you is peace of mind and a business that never stops."
)
COMPLIANCE = "Backup Line does not replace an emergency phone service and may not work in a power cut."


def test_a_line_read_out_is_found_whole_with_the_script_beside_it() -> None:
    said = "Great. So what that means for you is peace of mind and a business that never stops. Sound good?"
    copied = longest_copy([(3, "Hi there."), (5, said)], SCRIPT)
    assert copied is not None
    assert copied.turn == 5
    assert copied.said == "what that means for you is peace of mind and a business that never stops"
    assert copied.script == "What that means for you is peace of mind and a business that never stops"
    assert copied.words == 15
    assert copied.said in said
    assert 0.7 < copied.share_of_turn < 0.85


def test_misheard_and_dropped_words_do_not_break_a_run() -> None:
    # "intranet" for internet, "real" dropped
    said = "We talked with owners like you and found that intranet outages cost money."
    assert copied_runs(said, SCRIPT)[0].words >= 11


def test_own_words_about_the_same_thing_are_no_copy() -> None:
    said = "When your line went down that Saturday, how many cards did you turn away?"
    assert copied_runs(said, SCRIPT) == ()
    assert longest_copy([(0, said)], SCRIPT) is None


def test_compliance_text_read_word_for_word_never_counts() -> None:
    said = "Backup Line does not replace an emergency phone service and may not work in a power cut."
    script = f"{SCRIPT} {COMPLIANCE}"
    assert copied_share(said, script) == 1.0
    assert copied_share(said, script, COMPLIANCE) == 0.0


def test_nothing_said_and_no_script() -> None:
    assert copied_share("", SCRIPT) == 0.0
    assert copied_runs("We talked with owners like you", "") == ()
