"""Second opinions in a run: asked of the unsure, kept, weighed beside people's corrections, and silent where nothing is set."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "opinion"))
from fake_endpoint import endpoint, fails, says_json

from callcoach.app.opinions import Asked, adviser, ask_about, kept_opinions, needed_adviser, weighed
from callcoach.app.progress import Silent
from callcoach.app.reviews import review
from callcoach.app.workspace import Workspace
from callcoach.batch import stale
from callcoach.domain.call import Call
from callcoach.domain.people import Company, Person, PersonRole
from callcoach.domain.review import ReviewedScore
from callcoach.domain.story import Component, Initiative, ValueStory
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Verdict
from callcoach.errors import SomethingMissing, UsageError
from callcoach.settings import Settings
from callcoach.testing import make_call

NOW = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)
STORY = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 1),
    story=ValueStory(wall="Callers who ring out go elsewhere.", hammer="We text them back.", part="Your own missed calls."),
)
COMPANY = Company(people=(Person(id="R01", name="Dana Whitlock", role=PersonRole.REP),))
ANSWER = {
    "verdict": "partial",
    "levels": {"wall": 1, "hammer": 0, "part": 0},
    "quotes": [{"component": "wall", "turn": 0, "quote": "Half of your callers ring the next shop"}],
}


class Heard(Silent):
    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, sentence: str) -> None:
        self.warnings.append(sentence)


def workspace_with(tmp_path: Path, url: str | None, **settings: object) -> Workspace:
    named = {} if url is None else {"opinion_url": url, "opinion_model": "other-1", "opinion_key": "sk-very-secret"}
    return Workspace(Settings(home=tmp_path / "home", **named, **settings))


def judged(workspace: Workspace, confidences: dict[str, float]) -> list[Call]:
    """Calls in the database, each with a score of this confidence."""
    attribution = workspace.attribution((STORY,), COMPANY)
    calls = [Call(call_id=call_id, content="0" * 64, transcript_path="x.txt", rep_id="R01") for call_id in confidences]
    workspace.store.add_calls(calls)
    for call in calls:
        said = make_call(
            "rep Dana Whitlock here. Half of your callers ring the next shop. / customer Do they?", call_id=call.call_id
        )
        said_by = stale.transcript_key(call, attribution.key, workspace.makers)
        workspace.store.keep_transcript(said, content=call.content, made_by=said_by)
        workspace.store.point_at({call.call_id: said_by})
        score = CallScore(
            call_id=call.call_id,
            initiative_id=STORY.id,
            verdict=Verdict.RECITES,
            confidence=confidences[call.call_id],
            why_score=20.0,
            levels={Component.HAMMER: Level.MENTIONED},
            asked_why=False,
            answer=Answer.NOT_ASKED,
            behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
            evidence=(Evidence(act="hammer", turn=0, quote="Half of your callers"),),
            versions={"rubric": f"{STORY.id} {STORY.version}"},
        )
        workspace.store.keep_judgement(None, score, signals_made_by="s", score_made_by="j")
    return calls


def asked(workspace: Workspace, calls: list[Call], progress: Silent | None = None) -> tuple[Asked, ...]:
    attribution = workspace.attribution((STORY,), COMPANY)
    return ask_about(workspace, attribution, calls, (STORY,), COMPANY, now=NOW, progress=progress or Silent())


@pytest.mark.slow
def test_the_unsure_are_asked_about_once_the_least_sure_first(tmp_path: Path) -> None:
    with endpoint(says_json(ANSWER)) as fake:
        workspace = workspace_with(tmp_path, fake.url, opinion_most=2)
        calls = judged(workspace, {"sure": 0.9, "unsure": 0.5, "least": 0.3, "less": 0.4})
        progress = Heard()
        found = asked(workspace, calls, progress)
        assert [each.score.call_id for each in found] == ["least", "less"]
        assert any("CALLCOACH_OPINION_MOST" in sentence for sentence in progress.warnings)
        assert "Dana" not in str(fake.asked) and "Whitlock" not in str(fake.asked)
        # the next run asks about the one that is left, and shows those that are kept
        again = asked(workspace, calls)
        assert [each.score.call_id for each in again] == ["least", "less", "unsure"]
        assert len(fake.asked) == 3
        asked(workspace, calls)
        assert len(fake.asked) == 3
        # a report weighs them as the run did, and asks nobody
        kept = kept_opinions(workspace, (STORY,))
        assert sorted(each.score.call_id for each in kept) == ["least", "less", "unsure"]
        assert len(fake.asked) == 3
    stored = workspace.store.scores()
    assert all(score.verdict is Verdict.RECITES and score.needs_person is None for score in stored)
    home = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert b"sk-very-secret" not in home


def test_a_call_that_a_person_corrected_does_not_leave_the_house(tmp_path: Path) -> None:
    with endpoint(says_json(ANSWER)) as fake:
        workspace = workspace_with(tmp_path, fake.url)
        calls = judged(workspace, {"c1": 0.2})
        review(workspace, "c1", STORY.id, by="M01", because="I was there.", at=NOW, verdict=Verdict.PARTIAL)
        attribution = workspace.attribution((STORY,), COMPANY)
        assert ask_about(workspace, attribution, calls, (STORY,), COMPANY, now=NOW, progress=Silent()) == ()
    assert not fake.asked


@pytest.mark.slow
def test_trouble_is_a_note_and_changes_nothing(tmp_path: Path) -> None:
    with endpoint(fails(404)) as fake:
        workspace = workspace_with(tmp_path, fake.url)
        calls = judged(workspace, {f"call-{number}": 0.3 for number in range(6)})
        before, progress = workspace.store.scores(), Heard()
        assert asked(workspace, calls, progress) == ()
    assert workspace.store.scores() == before
    assert len(fake.asked) == 3, "after three failures in a row nobody is asked any more"
    assert "no second opinion" in progress.warnings[0] and "in a row" in progress.warnings[-1]
    assert "sk-very-secret" not in str(progress.warnings)


def test_nobody_is_asked_unless_an_endpoint_is_set(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, None)
    assert adviser(workspace.settings) is None
    assert asked(workspace, []) == ()
    with pytest.raises(UsageError, match="CALLCOACH_OPINION_URL"):
        needed_adviser(workspace.settings)


def test_a_report_without_an_endpoint_weighs_no_opinion(tmp_path: Path) -> None:
    assert kept_opinions(workspace_with(tmp_path, None), (STORY,)) == ()


def test_settings_that_nobody_can_be_asked_with_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="CALLCOACH_OPINION_MODEL"):
        adviser(Settings(opinion_url="https://models.example.com/v1"))
    with pytest.raises(SomethingMissing, match="CALLCOACH_OPINION_KEY_FILE"):
        adviser(Settings(opinion_url="https://models.example.com/v1", opinion_model="m", opinion_key_file=tmp_path / "none"))
    assert "sk-very-secret" not in repr(Settings(opinion_key="sk-very-secret"))


@pytest.mark.parametrize("key", ["sk-very\nsecret", "sk-very-secret…"])
def test_a_key_that_cannot_be_sent_is_told_before_the_work_and_not_shown(key: str) -> None:
    with pytest.raises(UsageError, match="Copy the key again") as trouble:
        adviser(Settings(opinion_url="https://models.example.com/v1", opinion_model="m", opinion_key=key))
    assert "very" not in str(trouble.value)


def test_the_key_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-from-a-file\n")
    with endpoint(says_json(ANSWER)) as fake:
        who = adviser(Settings(opinion_url=fake.url, opinion_model="m", opinion_key_file=tmp_path / "key"))
        assert who is not None
        who.ask([{"role": "user", "content": "x"}], {})
    assert fake.headers[0]["Authorization"] == "Bearer sk-from-a-file"


@pytest.mark.slow
def test_where_a_person_has_spoken_nobody_else_is_needed(tmp_path: Path) -> None:
    with endpoint(says_json(ANSWER)) as fake:
        workspace = workspace_with(tmp_path, fake.url)
        (found,) = asked(workspace, judged(workspace, {"least": 0.3}))
    plain = ReviewedScore(score=found.score, machine=found.score, counted=(), conflicts=())
    (read,) = weighed([plain], [found])
    assert read.needs_person and "partial" in read.needs_person and read.verdict is Verdict.RECITES
    spoken = ReviewedScore(score=found.score, machine=found.score, counted=("a review",), conflicts=())  # type: ignore[arg-type]
    assert weighed([spoken], [found]) == (found.score,)
    assert weighed([plain], []) == (found.score,)
