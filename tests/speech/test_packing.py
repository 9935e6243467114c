from callcoach.speech.packing import SAMPLE_RATE, WINDOW_SAMPLES, Piece, pack


def piece(start: float, end: float, channel: int = 0) -> Piece:
    return Piece(channel=channel, start=int(start * SAMPLE_RATE), end=int(end * SAMPLE_RATE))


def test_windows_are_filled_and_nothing_is_left_out() -> None:
    pieces = [piece(start, start + 6) for start in range(0, 100, 10)] + [piece(3, 7, channel=1)]
    windows = pack(pieces)
    assert sorted((p for window in windows for p in window.pieces), key=pieces.index) == pieces
    assert all(window.samples <= WINDOW_SAMPLES for window in windows)
    assert len(windows) == 3


def test_a_piece_longer_than_a_window_stands_alone() -> None:
    assert [len(window.pieces) for window in pack([piece(0, 5), piece(10, 45), piece(50, 52)])] == [2, 1]


def test_time_in_a_window_leads_back_to_the_recording() -> None:
    (window,) = pack([piece(10, 14), piece(100, 103, channel=1)])
    first, second = window.piece_at(0.5, 1.0), window.piece_at(4.2, 4.6)
    assert (first, second) == (0, 1)
    assert window.true_time(0.5, first) == 10.5
    assert window.true_time(4.2, second) == 100.2


def test_a_word_over_the_joint_of_two_pieces_stays_inside_the_one_that_holds_most_of_it() -> None:
    (window,) = pack([piece(10, 14), piece(100, 103)])
    number = window.piece_at(3.7, 4.1)
    assert number == 0
    assert (window.true_time(3.7, number), window.true_time(4.1, number)) == (13.7, 14.0)


def test_silence_needs_no_window() -> None:
    assert pack([]) == ()


def test_a_word_laid_into_the_silence_that_ends_a_piece_opens_the_next_one() -> None:
    (window,) = pack([piece(10, 14), piece(100, 103)])
    number = window.piece_at(3.9, 3.96)
    assert number == 1 and window.true_time(3.9, number) == 100.0


def test_pieces_that_follow_each_other_without_a_gap_have_no_such_silence() -> None:
    (window,) = pack([piece(10, 14), piece(14, 18)])
    assert window.piece_at(3.9, 3.96) == 0
