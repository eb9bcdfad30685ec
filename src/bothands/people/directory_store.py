"""The list of contacts: all its SQL. The table is `store`'s."""

from sqlalchemy import Connection, select

from bothands.people.model import Contact
from bothands.people.store import contact_table
from bothands.storage import as_struct


def contact_rows(
    records: Connection, limit: int, before: str | None, email: str | None, external_id: str | None
) -> list[Contact]:
    """Newest first, after the one whose id is `before`: ids are in the order of time."""
    query = select(contact_table)
    if before is not None:
        query = query.where(contact_table.c.id < before)
    if email is not None:
        query = query.where(contact_table.c.email == email)
    if external_id is not None:
        query = query.where(contact_table.c.external_id == external_id)
    rows = records.execute(query.order_by(contact_table.c.id.desc()).limit(limit))
    return [as_struct(Contact, row) for row in rows]
