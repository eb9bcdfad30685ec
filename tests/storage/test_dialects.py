"""Where the two stores speak differently, what we write means the same to both."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    literal,
    select,
    tuple_,
    update,
)

from bothands.kit import Invalid
from bothands.storage import Database, Json, Moment, Unit, steady

NOON = datetime(2026, 11, 20, 12, 0, 0, 123_456, tzinfo=UTC)
thing = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("is_good", Boolean),
    Column("at", Moment),
    Column("share", Float),
    Column("body", Json),
    Column("words", Text),
    Column("bytes", LargeBinary),
)


@pytest.fixture
def things(db: Database) -> Database:
    db.write_now(lambda unit: thing.create(unit.records))
    return db


def put(db: Database, *rows: dict[str, Any]) -> None:
    db.write_now(
        lambda unit: [unit.records.execute(insert(thing).values(id=n, **row)) for n, row in enumerate(rows)]
    )


def column(db: Database, query: Any) -> list[Any]:
    return db.read_now(lambda records: list(records.execute(query).scalars()))


def test_nulls_sort_where_they_are_told_to(things: Database) -> None:
    put(things, {"at": NOON}, {"at": None}, {"at": NOON - timedelta(hours=1)})
    in_order = select(thing.c.id).order_by(thing.c.at.asc().nulls_last())
    assert column(things, in_order) == [2, 0, 1]
    assert column(things, select(thing.c.id).order_by(thing.c.at.desc().nulls_first())) == [1, 0, 2]


def test_names_sort_by_their_signs(things: Database) -> None:
    names = ["b", "a", "B", "_", "a-1", "aa", "Z"]
    put(things, *({"name": name} for name in names))
    assert column(things, select(thing.c.name).order_by(thing.c.name)) == sorted(names)


def test_searching_without_case_is_said_so(things: Database) -> None:
    put(things, {"words": "Linen SHEETS"}, {"words": "linen sheets"}, {"words": "100% linen_"})
    either = select(thing.c.id).where(thing.c.words.ilike("%sheets")).order_by(thing.c.id)
    assert column(things, either) == [0, 1]
    exact = select(thing.c.id).where(thing.c.words.icontains("0% LINEN_", autoescape=True))
    assert column(things, exact) == [2]


def test_true_is_true(things: Database) -> None:
    put(things, {"is_good": True}, {"is_good": False}, {"is_good": None})
    assert column(things, select(thing.c.is_good).order_by(thing.c.id)) == [True, False, None]
    assert column(things, select(thing.c.id).where(thing.c.is_good)) == [0]
    assert column(things, select(thing.c.id).where(thing.c.is_good.is_(False))) == [1]


def test_values_come_back_as_they_went_in(things: Database) -> None:
    body = {"words": "a\u0000b \U0001f6cb \\ \"'", "list": [1, 2.5, None, True], "deep": {"": {}}}
    row = {
        "name": "",
        "at": NOON,
        "share": 0.1 + 0.2,
        "body": body,
        "words": "\U0001f6cb 100% %s :x ?\r\n",
        "bytes": bytes(range(256)),
        "is_good": None,
    }
    put(things, row)

    def read(records: Connection) -> dict[str, Any]:
        return dict(records.execute(select(thing)).one()._mapping)

    assert things.read_now(read) == row | {"id": 0}


def test_moments_compare_and_page_to_the_microsecond(things: Database) -> None:
    put(things, *({"at": NOON + timedelta(microseconds=n)} for n in range(3)))
    later = select(thing.c.id).where(thing.c.at > NOON).order_by(thing.c.id)
    assert column(things, later) == [1, 2]
    # Inside a tuple a value does not know its column: it has to be told.
    moment = literal(NOON + timedelta(microseconds=1), thing.c.at.type)
    after = tuple_(thing.c.at, thing.c.id) > tuple_(moment, 1)
    assert column(things, select(thing.c.id).where(after)) == [2]
    assert column(things, select(func.max(thing.c.at))) == [NOON + timedelta(microseconds=2)]


@pytest.mark.parametrize(
    "row", [{"id": 2**70, "name": "large"}, {"id": 1, "words": "a\x00b"}, {"id": 1, "name": "x" * 21}]
)
def test_what_cannot_be_kept_is_the_values_fault_and_spoils_nothing(
    things: Database, row: dict[str, Any]
) -> None:
    def write(unit: Unit) -> None:
        unit.records.execute(insert(thing).values(**row))

    # SQLite keeps what is longer than declared, and NUL too: there only the number is refused.
    if things.is_alone and row["id"] == 1:
        things.write_now(write)
        return
    with pytest.raises(Invalid, match="cannot be stored"):
        things.write_now(write)
    put(things, {"name": "next"})
    assert column(things, select(thing.c.name)) == ["next"]


def test_rows_affected_are_counted_alike(things: Database) -> None:
    put(things, {"name": "a"}, {"name": "b"})

    def change(unit: Unit, name: str) -> int:
        done = unit.records.execute(update(thing).where(thing.c.name == name).values(name=name))
        return int(done.rowcount)

    assert things.write_now(lambda unit: change(unit, "a")) == 1
    assert things.write_now(lambda unit: change(unit, "z")) == 0


def test_only_a_write_holds_what_it_reads(things: Database) -> None:
    put(things, {"name": "a"})
    query = select(thing.c.name)
    assert things.read_now(lambda records: steady(records, query)) is query
    assert things.write_now(lambda unit: unit.records.execute(steady(unit.records, query)).scalar()) == "a"
