import pytest

from benchmarks.wires import _frame


def told(payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 1 << 16:
        return bytes((0x81, 126)) + size.to_bytes(2, "big") + payload
    return bytes((0x81, 127)) + size.to_bytes(8, "big") + payload


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_a_frame_of_any_size_is_read_and_the_next_one_found(size: int) -> None:
    data = told(b"x" * size) + told(b"next")

    found = _frame(data, 0)
    assert found is not None
    assert found[:2] == (1, b"x" * size)
    assert _frame(data, found[2]) == (1, b"next", len(data))


@pytest.mark.parametrize("size", [5, 300, 70_000])
def test_a_frame_that_is_not_complete_is_waited_for(size: int) -> None:
    data = told(b"x" * size)
    for end in (0, 1, 2, 3, 9, len(data) - 1):
        assert _frame(data[: min(end, len(data) - 1)], 0) is None
