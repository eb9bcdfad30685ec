"""JSON for any type that a frame or a body has, filled with given words: what is new is tried unasked."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import msgspec
from msgspec import inspect

NUMBERS = count(1_000)


def filled(kind: type, words: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Objects that the type takes, such that any two of its fields meet with any two of the words.

    True of a prime number of words, if there are no more fields than that; so that is asked for.
    """
    assert all(len(words) % divisor for divisor in range(2, len(words))), "their number is not prime"
    taken = inspect.type_info(kind)
    assert isinstance(taken, inspect.StructType)
    seen = set()
    for start in range(len(words)):
        for step in range(len(words)):
            rest = [words[(start + place * step) % len(words)] for place in range(len(taken.fields))]
            whole = _object(taken, rest)
            for one in (whole, _least(taken, whole)):
                if (told := msgspec.json.encode(one)) not in seen:
                    seen.add(told)
                    # What was said under a client_id before is not done again.
                    yield one | ({"client_id": f"c-{next(NUMBERS)}"} if "client_id" in one else {})


def _object(kind: inspect.StructType, words: Sequence[str]) -> dict[str, Any]:
    made: dict[str, Any] = {kind.tag_field: kind.tag} if kind.tag_field else {}
    for field, word in zip(kind.fields, words, strict=True):
        made[field.encode_name] = _value(field.type, word)
    return made


def _least(kind: inspect.StructType, whole: dict[str, Any]) -> dict[str, Any]:
    """The same without what may be left out."""
    optional = {field.encode_name for field in kind.fields if not field.required}
    return {name: value for name, value in whole.items() if name not in optional}


def _value(kind: inspect.Type, word: str) -> Any:
    match kind:
        case inspect.StrType():
            return word[: kind.max_length]
        case inspect.IntType() | inspect.FloatType():
            return kind.ge or 0
        case inspect.BoolType():
            return True
        case inspect.LiteralType():
            return kind.values[0]
        case inspect.EnumType():
            return next(iter(kind.cls)).value
        case inspect.UnionType():
            return _value(next(one for one in kind.types if not isinstance(one, inspect.NoneType)), word)
        case inspect.VarTupleType() | inspect.ListType() | inspect.SetType() | inspect.FrozenSetType():
            return [_value(kind.item_type, word)]
        case inspect.DictType():
            return {word: _value(kind.value_type, word)}
        case inspect.StructType():
            return _object(kind, [word] * len(kind.fields))
        case inspect.AnyType():
            return word
        case inspect.DateTimeType():
            return "2026-11-20T14:00:00Z"
    raise AssertionError(f"{kind}: say here how it is filled, so that what takes it is tried too")
