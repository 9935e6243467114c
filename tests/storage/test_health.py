"""Whether a database that goes away and comes back is noticed, on both kinds."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from callcoach.app.health import Asker, Readiness, Reason, standing
from callcoach.app.workspace import Workspace
from callcoach.settings import Settings


@contextmanager
def away(place: str | Path) -> Iterator[None]:
    """The database does not answer while the block runs."""
    if isinstance(place, Path):
        place.rename(place.with_suffix(".away"))
        yield
        shutil.move(place.with_suffix(".away"), place)
        return
    import psycopg

    host, _, rest = place.partition("@/")  # the server's socket is a path in the options
    name, _, options = rest.partition("?")
    server = f"{host}@/postgres?{options}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        yield
        connection.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")


def test_a_database_that_goes_away_and_comes_back_is_noticed_both_times(place: str | Path, tmp_path: Path) -> None:
    url = place if isinstance(place, str) else f"sqlite:///{place}"
    workspace = Workspace(Settings(home=tmp_path, database_url=url))
    now = [0.0]
    readiness = Readiness(workspace, clock=lambda: now[0])
    assert readiness.reasons() == ()
    with away(place):
        now[0] += 2
        assert readiness.reasons() == (Reason.DATABASE,)
        if isinstance(place, str):
            assert standing(workspace, Asker()).figures is None
    now[0] += 2
    assert readiness.reasons() == ()
    assert standing(workspace, Asker()).figures is not None
    workspace.store.close()
