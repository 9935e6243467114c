"""A folder of rubrics of a test's own, so that nothing is written into the sample company's."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from callcoach.app.workspace import Workspace
from callcoach.storage.runs import Runs

RUBRICS = Path(__file__).resolve().parents[2] / "rubrics"


def own_rubrics(company: Workspace) -> Path:
    """Copies the rubrics, and notes that the latest run read the copy."""
    folder = company.settings.home / "rubrics"
    shutil.copytree(RUBRICS, folder)
    runs = Runs(company.store)
    runs.begin(datetime.now(UTC), versions={}, rubrics=str(folder), initiatives=runs.latest_initiatives())
    return folder
