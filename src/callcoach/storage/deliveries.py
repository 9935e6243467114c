"""Which brief was sent over which channel, on the database that a Store has opened. Knows nothing of how anything is sent."""

from datetime import datetime

from sqlalchemy import select

from callcoach.storage import schema
from callcoach.storage.bodies import utc
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put


class Deliveries:
    """What arrived; what failed is not among it and is tried again. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def is_sent(self, channel: str, delivery_id: str) -> bool:
        """Whether this brief was sent over this channel."""
        table = schema.deliveries
        with reading(self._engine) as connection:
            question = select(table.c.at).where(table.c.channel == channel, table.c.delivery_id == delivery_id)
            return connection.execute(question).first() is not None

    def keep(self, channel: str, delivery_id: str, at: datetime) -> None:
        """Note that it was sent."""
        with writing(self._engine) as connection:
            put(connection, schema.deliveries, {"channel": channel, "delivery_id": delivery_id, "at": utc(at)})
