"""Column types and the one table registry shared by both stores."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec
from sqlalchemy import BigInteger, Dialect, MetaData, Row, Text
from sqlalchemy.types import TypeDecorator

# Constraints need names, or a later migration cannot speak of them on every database.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

T = TypeVar("T", bound=msgspec.Struct)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as whole microseconds since 1970 UTC: sorts and compares alike everywhere."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        return (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return EPOCH + timedelta(microseconds=int(value))


class Json(TypeDecorator[Any]):
    """A JSON value kept as text; whoever reads it converts it to a type of their own."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return msgspec.json.encode(value).decode()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return msgspec.json.decode(value)


def as_struct(kind: type[T], row: Row[*tuple[Any, ...]]) -> T:
    """A row whose columns are named as the struct's fields."""
    return kind(**row._mapping)
