from callcoach.judging.side_by_side import side_by_side


def test_what_was_changed_is_told_apart_and_both_texts_stay_whole():
    said, script = (
        "a text from your number within 10 seconds.",
        "a text from your own number within ten seconds, in your own words",
    )
    both = side_by_side(said, script)
    assert "".join(part.text for part in both.said) == said
    assert "".join(part.text for part in both.script) == script
    assert [part.text.strip() for part in both.script if not part.same] == ["own", "ten", ", in your own words"]
    assert [part.text.strip() for part in both.said if not part.same] == ["10"]


def test_texts_that_share_nothing_differ_throughout():
    both = side_by_side("hello", "goodbye now")
    assert [part.same for part in (*both.said, *both.script)] == [False, False]
