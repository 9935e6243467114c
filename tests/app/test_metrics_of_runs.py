"""What Prometheus is told: counted from what happens, carried on from night to night, and nothing where nothing is known."""

import socket
import threading
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from callcoach import events, marks
from callcoach.app import health
from callcoach.app.metrics import FIGURES, Metrics
from callcoach.app.metrics_address import address_of, figures_told
from callcoach.app.metrics_file import figures_kept
from callcoach.app.progress import Silent
from callcoach.app.stages import Stages
from callcoach.app.workspace import Workspace
from callcoach.domain.people import Company
from callcoach.errors import StorageError, UsageError
from callcoach.events import say
from callcoach.marks import CallMark, ErrorName, Stage
from callcoach.settings import Settings
from callcoach.storage.runs import Runs

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
CALL = CallMark.of("3f2a" * 16)


def samples(text: str) -> dict[str, float]:
    """Each sample as `name{label="value"}`, those of histograms but their count and sum left out."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            if not sample.name.endswith("_bucket"):
                found[sample.name + (f"{{{labels}}}" if labels else "")] = sample.value
    return found


class Warned(Silent):
    def __init__(self) -> None:
        self.sentences: list[str] = []

    def warn(self, sentence: str) -> None:
        self.sentences.append(sentence)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(Settings(home=tmp_path / "home", metrics_file=tmp_path / "callcoach.prom"))


def a_night() -> None:
    say(events.RunStarted(calls=3, waiting=3))
    say(events.StageStarted(stage=Stage.HEAR, work=3))
    say(events.CallDone(call=CALL, stage=Stage.HEAR, seconds=4.0, audio_seconds=60.0))
    say(events.CallDone(call=CALL, stage=Stage.HEAR, seconds=2.0, audio_seconds=30.0))
    say(events.CallQuarantined(call=CALL, stage=Stage.HEAR, error=None, attempts=3))
    say(events.StageFinished(stage=Stage.HEAR, done=2, failed=1, seconds=9.0))
    say(events.ModelLoaded(model=marks.Model.SPEECH, seconds=1.5))
    say(events.DeliveryFailed(channel=marks.Channel.WEBHOOK))
    say(events.DatabaseRetried(error=ErrorName.of(StorageError("x")), pause=1.0))
    say(events.RunFinished(calls=3, recognised=2, judged=0, problems=1, seconds=12.0))


def test_a_night_is_counted_and_the_next_one_goes_on_from_there(workspace: Workspace) -> None:
    for _ in range(2):
        with figures_kept(workspace, Silent()):
            a_night()
    assert workspace.settings.metrics_file is not None
    text = workspace.settings.metrics_file.read_text()
    found = samples(text)
    assert found["callcoach_calls_total{outcome=done,stage=hear}"] == 4
    assert found["callcoach_calls_total{outcome=quarantined,stage=hear}"] == 2
    assert found["callcoach_call_seconds_sum{stage=hear}"] == 12 and found["callcoach_call_seconds_count{stage=hear}"] == 4
    assert found["callcoach_stage_seconds_sum{stage=hear}"] == 18
    assert found["callcoach_audio_seconds_total"] == 180
    assert found["callcoach_runs_total{outcome=done}"] == found["callcoach_database_retries_total"] == 2
    assert found["callcoach_deliveries_total{channel=webhook,outcome=failed}"] == 2
    assert found["callcoach_model_load_seconds_count{model=speech}"] == 2
    assert found["callcoach_stale_calls{stage=hear}"] == 1, "of the latest run alone"
    assert 'callcoach_call_seconds_bucket{le="5.0",stage="hear"} 4.0' in text
    assert "_created" not in text and "3f2a" not in text and "callcoach_http" not in text


def test_a_night_with_nothing_to_judge_says_so(workspace: Workspace) -> None:
    attribution = workspace.attribution((), Company())
    with figures_kept(workspace, Silent()):
        stages = Stages(workspace, attribution, now=datetime(2026, 11, 22, tzinfo=UTC), progress=Silent())
        assert stages.judge((), ()) == 0
    assert workspace.settings.metrics_file is not None
    assert samples(workspace.settings.metrics_file.read_text())["callcoach_stale_calls{stage=judge}"] == 0


def test_a_night_that_is_broken_off_counts_as_failed_and_keeps_what_was_before(workspace: Workspace) -> None:
    with figures_kept(workspace, Silent()):
        a_night()
    with pytest.raises(StorageError), figures_kept(workspace, Silent()):
        raise StorageError("full.")
    assert workspace.settings.metrics_file is not None
    found = samples(workspace.settings.metrics_file.read_text())
    assert found["callcoach_runs_total{outcome=failed}"] == 1 and found["callcoach_runs_total{outcome=done}"] == 1
    assert found["callcoach_calls_total{outcome=done,stage=hear}"] == 2


def test_how_things_stand_is_told_as_the_database_has_it(workspace: Workspace) -> None:
    runs = Runs(workspace.store)
    runs.end(runs.begin(NOW, versions={}), NOW + timedelta(minutes=5), counts={})
    runs.begin(NOW + timedelta(days=1), versions={})
    for _ in range(3):
        workspace.store.keep_failure("wren-02", "hear", "no sound", at=NOW, key="k")
    workspace.store.keep_failure("wren-03", "judge", "odd", at=NOW, key="k")
    with figures_kept(workspace, Silent()):
        pass
    assert workspace.settings.metrics_file is not None
    found = samples(workspace.settings.metrics_file.read_text())
    assert found["callcoach_failed_calls{stage=hear}"] == found["callcoach_quarantined_calls{stage=hear}"] == 1
    assert found["callcoach_failed_calls{stage=judge}"] == 1 and found["callcoach_quarantined_calls{stage=judge}"] == 0
    assert found["callcoach_last_run_timestamp_seconds"] == (NOW + timedelta(minutes=5)).timestamp()
    assert found["callcoach_review_queue_calls"] == 0
    assert [name for name in found if name.startswith("callcoach_build_info{schema=")]


def test_what_is_not_known_is_not_told_as_zero(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = Metrics(workspace, where="serve")
    told = {family.name for family in metrics.registry.collect()}
    assert "callcoach_last_run_timestamp_seconds" not in told, "no run has ended"

    def away(_: Workspace) -> health.Figures:
        raise StorageError("away.")

    monkeypatch.setattr(health, "_figures", away)
    found = {family.name: [sample.value for sample in family.samples] for family in metrics.registry.collect()}
    assert found["callcoach_database_up"] == [0.0]
    assert not {"callcoach_failed_calls", "callcoach_quarantined_calls", "callcoach_review_queue_calls"} & set(found)


def test_a_file_that_cannot_be_used_is_said_before_the_night_or_warned_of(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match=r"ends in \.prom"),
        figures_kept(Workspace(Settings(home=tmp_path, metrics_file=tmp_path / "callcoach.txt")), Silent()),
    ):
        pytest.fail("the night had begun")
    (tmp_path / "taken.prom").mkdir()
    warned = Warned()
    with figures_kept(Workspace(Settings(home=tmp_path, metrics_file=tmp_path / "taken.prom")), warned):
        pass
    assert warned.sentences and "taken.prom: it cannot be written" in warned.sentences[0]
    broken = tmp_path / "broken.prom"
    broken.write_text("callcoach_runs_total{ nonsense\n")
    with figures_kept(Workspace(Settings(home=tmp_path, metrics_file=broken)), Silent()):
        a_night()
    assert samples(broken.read_text())["callcoach_runs_total{outcome=done}"] == 1


@pytest.mark.parametrize(
    ("setting", "address"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("localhost:9464", ("127.0.0.1", 9464)),
        ("9464", ("127.0.0.1", 9464)),
        ("0.0.0.0:9464", ("0.0.0.0", 9464)),
        ("[::1]:9464", ("::1", 9464)),
    ],
)
def test_an_address_is_this_machines_alone_unless_it_says_otherwise(setting: str, address: tuple[str, int]) -> None:
    assert address_of(setting) == address


@pytest.mark.parametrize("setting", ["", "somewhere:9464", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "127.0.0.1"])
def test_an_address_that_is_none_is_refused(setting: str) -> None:
    with pytest.raises(UsageError, match=r"Write it like 127\.0\.0\.1:9464"):
        address_of(setting)


def test_a_server_tells_its_figures_at_an_address_of_their_own(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    workspace = Workspace(Settings(home=tmp_path, metrics_listen=f"127.0.0.1:{port}"))
    with figures_told(workspace):
        say(events.SignInRefused(why=marks.Refusal.WRONG))
        route = marks.Route("/calls/{call_id}")
        say(events.Requested(method=marks.Method.GET, route=route, status=200, seconds=0.02))
        text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
        with pytest.raises(UsageError, match="Choose another port"), figures_told(workspace):
            pytest.fail("the port was taken")
    found = samples(text)
    assert found["callcoach_sign_ins_total{outcome=refused}"] == 1
    assert found["callcoach_http_request_duration_seconds_count{method=GET,route=/calls/{call_id},status=200}"] == 1
    assert found["callcoach_database_up"] == 1
    assert "callcoach_calls_total" not in text, "a night's, and in its file"
    with figures_told(Workspace(Settings(home=tmp_path))) as address:
        assert address is None


def test_names_are_of_the_usual_form_and_labels_few() -> None:
    assert len({figure.name for figure in FIGURES}) == len(FIGURES)
    for figure in FIGURES:
        assert figure.name.startswith("callcoach_") and figure.about.endswith(".")
        assert (figure.kind == "counter") == figure.name.endswith("_total"), figure.name
        assert (figure.kind == "histogram") == bool(figure.buckets), figure.name
        assert set(figure.labels) <= {
            "stage", "outcome", "channel", "model", "scheme", "method", "route", "status", "version", "schema"
        }  # fmt: skip


def test_a_question_that_hangs_holds_up_nobody_for_long() -> None:
    asker, go = health.Asker(), threading.Event()
    with pytest.raises(health.TooSlow):
        asker.ask(go.wait, seconds=0.02)
    with pytest.raises(health.TooSlow):
        asker.ask(lambda: 1, seconds=5.0)  # an earlier one hangs still, and no second thread is made
    go.set()
    for _ in range(200):
        try:
            assert asker.ask(lambda: 1, seconds=5.0) == 1
            break
        except health.TooSlow:
            time.sleep(0.01)
    else:
        pytest.fail("it never recovered")
