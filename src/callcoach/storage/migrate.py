"""Bring a database to the newest schema, once, or say why it cannot be. Knows no question anybody asks of it."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from callcoach.errors import StorageError
from callcoach.storage.connection import reading, shown, writing
from callcoach.storage.schema import HEAD, VERSION_TABLE

ONE_AT_A_TIME = 4_105_2026
"""The number of the PostgreSQL advisory lock that lets one program migrate while others wait."""


def migrate(engine: Engine) -> None:
    """Upgrade to HEAD in one transaction; at HEAD, do nothing.

    Raises StorageError for a schema newer than this program and for a SQLite file of another program.
    """
    with reading(engine) as connection:
        if _version(connection) == HEAD:
            return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_AT_A_TIME})
        version = _version(connection)
        if version == HEAD:
            return
        if version is None and connection.dialect.name == "sqlite" and inspect(connection).get_table_names():
            raise StorageError(f"{shown(engine)}: this is the database of another program. Choose another place for callcoach's.")
        _upgrade(connection, version, shown(engine))


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()


def _upgrade(connection: Connection, version: str | None, name: str) -> None:
    # alembic takes a tenth of a second to import, and most opens find the database at HEAD
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise StorageError(f"{name}: it was written by a newer callcoach (schema {version}). Install that version to open it.")
    command.upgrade(config, "head")
