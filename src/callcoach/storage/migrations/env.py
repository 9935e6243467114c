"""Run by alembic: migrate over the connection that storage.migrate hands over, inside its transaction."""

from alembic import context

from callcoach.storage.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
context.run_migrations()
