"""Run migrations on the connection that `storage.schema` opened and locked."""

from alembic import context

from aggregator.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
