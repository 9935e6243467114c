"""What a run was given beside the calls themselves, on the database that a Store has opened: the company, where recordings lie.

Screens read it here, so that they need no folder of calls.
"""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select

from callcoach.domain.people import Company
from callcoach.storage import schema
from callcoach.storage.bodies import body_of, value_of
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put

THE_COMPANY = "company"


class GivenToRuns:
    """The latest run's company, and every recording's place. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def keep(self, company: Company, recordings: Mapping[str, Path]) -> None:
        """Keep, in one transaction, the company in place of the one before, and where recordings lie (sha256 -> path).

        A company without people leaves the one that is kept: it says that a folder had no people file, and nothing of who works.
        """
        with writing(self._engine) as connection:
            if company.people or company.teams:
                put(connection, schema.companies, {"company_id": THE_COMPANY, "body": body_of(company)})
            rows = [{"content": content, "path": str(path.resolve())} for content, path in recordings.items()]
            put(connection, schema.recordings, rows)

    def company(self) -> Company:
        """The company; one of nobody where no run was given any."""
        question = select(schema.companies.c.body).where(schema.companies.c.company_id == THE_COMPANY)
        with reading(self._engine) as connection:
            row = connection.execute(question).first()
        return value_of(row, Company) if row is not None else Company()

    def recording(self, content: str) -> Path | None:
        """Where the recording with these bytes (sha256) was when it was last seen; it may be gone since."""
        question = select(schema.recordings.c.path).where(schema.recordings.c.content == content)
        with reading(self._engine) as connection:
            path = connection.execute(question).scalar()
        return None if path is None else Path(path)
