"""The table of contacts who are no more, and all its SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, ForeignKey, String, Table, bindparam, insert, select

from bothands.storage import Data, Emptied, Moment, Until, keeps, metadata

erased_table = Table(
    "people_erased",
    metadata,
    Column("contact_id", String(40), ForeignKey("people_contact.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    info=keeps(
        Data.OPERATIONAL,
        "Ids of contacts who were erased: nothing is taken from them again",
        Until("the company ends"),
        leads="contact_id",
        emptied=Emptied({}),
    ),
)


# Built once: every message asks.
_ERASED = select(erased_table.c.contact_id).where(
    erased_table.c.contact_id.in_(bindparam("b_ids", expanding=True))
)


def insert_erased(records: Connection, contact_id: str, at: datetime) -> None:
    records.execute(insert(erased_table).values(contact_id=contact_id, at=at))


def erased_of(records: Connection, contact_ids: Sequence[str]) -> list[str]:
    found = records.execute(_ERASED, {"b_ids": contact_ids})
    return [str(contact_id) for contact_id in found.scalars()]
