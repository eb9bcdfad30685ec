"""Trees of frozen structs with arrays as one blob of bytes and back: npz, nothing executable in it."""

from io import BytesIO
from typing import Any, TypeVar, get_type_hints

import msgspec
import numpy as np

from bothands.kit import Invalid

BLOB_BYTES_MAX = 512 * 1024 * 1024
_PLAIN = "plain"

T = TypeVar("T", bound=msgspec.Struct)


def pack(value: msgspec.Struct) -> bytes:
    arrays: dict[str, Any] = {}
    plain = msgspec.json.encode(_flatten(value, "", arrays))
    stream = BytesIO()
    arrays[_PLAIN] = np.frombuffer(plain, np.uint8)
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def unpack(kind: type[T], blob: bytes) -> T:
    if len(blob) > BLOB_BYTES_MAX:
        raise Invalid(
            "trained heads", f"{len(blob)} bytes, the limit is {BLOB_BYTES_MAX}", "learn them again"
        )
    with np.load(BytesIO(blob), allow_pickle=False) as arrays:
        plain = msgspec.json.decode(arrays[_PLAIN].tobytes())
        return _build(kind, plain, "", arrays)


def _flatten(value: msgspec.Struct, path: str, arrays: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for field in msgspec.structs.fields(value):
        part, name = getattr(value, field.name), f"{path}{field.name}"
        if isinstance(part, np.ndarray):
            arrays[name] = part
        elif isinstance(part, msgspec.Struct):
            plain[field.name] = _flatten(part, f"{name}/", arrays)
        else:
            plain[field.name] = part
    return plain


def _build(kind: type[T], plain: dict[str, Any], path: str, arrays: Any) -> T:
    hints = get_type_hints(kind)
    parts: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        name, hint = f"{path}{field.name}", hints[field.name]
        if name in arrays:
            parts[field.name] = arrays[name]
        elif isinstance(hint, type) and issubclass(hint, msgspec.Struct):
            parts[field.name] = _build(hint, plain[field.name], f"{name}/", arrays)
        else:
            parts[field.name] = msgspec.convert(plain[field.name], hint)
    return kind(**parts)
