"""What operations are promised in docs/operations.md is what is told: every event with its fields, every metric."""

import inspect
import re
from dataclasses import fields
from pathlib import Path

from callcoach import events
from callcoach.app.metrics import FIGURES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    return PAGE.split(f"\n## {name}\n")[1].split("\n## ")[0]


def test_every_metric_is_described_as_it_is_told_and_no_other():
    rows = [
        f"| `{figure.name}` | {figure.kind} | {', '.join(f'`{label}`' for label in figure.labels) or '-'} | "
        f"{'both' if len(figure.where) == 2 else figure.where[0]} | {figure.about} |"
        for figure in FIGURES
    ]
    assert [line for line in section("Metrics").splitlines() if line.startswith("| `callcoach_")] == rows


def test_alerts_ask_for_metrics_that_are_told():
    alerts = section("Metrics").split("```yaml")[1]
    asked = set(re.findall(r"\bcallcoach_\w+", alerts))
    assert asked and asked <= {figure.name for figure in FIGURES}


def test_every_event_is_described_with_its_fields_and_no_other():
    told = [each for each in vars(events).values() if inspect.isclass(each) and issubclass(each, events.Event)]
    rows = {
        (each.name, str(each.level), ", ".join(f"`{field.name}`" for field in fields(each)))
        for each in told
        if each not in (events.Event, events.Probed)
    }
    described = re.findall(r"^\| `([\w.]+)` \| (\w+) \| (.*?) \| .*\|$", section("Logs"), re.MULTILINE)
    assert set(described) - {("other", "theirs", "`logger`, `error`, `place`")} == rows
