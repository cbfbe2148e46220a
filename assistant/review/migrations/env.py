"""Run by Alembic; the connection comes from ``database``, already in a transaction."""

from alembic import context

from assistant.review.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=context.config.attributes["version_table"],
)
with context.begin_transaction():
    context.run_migrations()
