"""What the server does before it answers anybody."""

import gc
from collections.abc import Iterator

import pytest
import uvicorn

from callcoach.app.workspace import Workspace
from callcoach.settings import Settings
from callcoach.web.server import serve


@pytest.fixture
def thawed() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_no_page_waits_until_the_whole_program_was_searched_for_garbage(tmp_path, monkeypatch, thawed: None) -> None:
    kept = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: kept.append((gc.get_freeze_count(), len(gc.get_objects()))))
    workspace = Workspace(Settings(home=tmp_path))
    serve(workspace, host="127.0.0.1", port=0)
    workspace.store.close()
    ((frozen, searched),) = kept
    assert frozen > 20 * searched, "what was there before is left alone"
