"""Alembic runs inside the transaction that `storage.migrate` opened."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    render_as_batch=True,
    transaction_per_migration=False,
    transactional_ddl=True,
)
context.run_migrations()
