"""Two workers share the tests out by file, so that what a file's tests share is made once; those of the web are one group."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        file = item.path.relative_to(HERE)
        item.add_marker(pytest.mark.xdist_group("web" if file.parts[0] == "web" else file.as_posix()))
