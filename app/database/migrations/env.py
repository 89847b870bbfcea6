"""What Alembic runs: the steps, on the connection that ``app.database`` hands over."""

from alembic import context

from app.database.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
    on_version_apply=context.config.attributes.get("told"),
)
with context.begin_transaction():
    context.run_migrations()
