"""The two size protocols of RAS: dwSize of a structure, and a buffer that grows until it is large enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ...errors.codes import ERROR_BUFFER_TOO_SMALL, ERROR_INVALID_SIZE, OTHER_SIZE
from .. import text
from .._ras import ffi

_Size = TypeVar("_Size")

LARGEST = 0x4000000  # bytes: no answer of RAS comes near this
_MOST_CALLS = 16  # the answer may grow between two calls, but not each time


def versions(structure: str, *first_members: str) -> tuple[int, ...]:
    """dwSize of each version of a structure, newest first: versions end where a member begins."""
    offsets = [ffi.offsetof(structure, member) for member in first_members]
    return (ffi.sizeof(structure), *((offset + 3) // 4 * 4 for offset in offsets))


def try_sizes(
    sizes: Sequence[_Size], call: Callable[[_Size], int], *, settled: Callable[[], bool] = lambda: False
) -> tuple[int, Sequence[_Size]]:
    """Call RAS with each dwSize in turn until RAS knows one: 632 and 1784 refuse a size.

    Args:
        sizes: What to try, newest first; with none the answer is 632.
        call: Calls RAS with one of them and returns RAS's code.
        settled: True after a refusal that another size would not mend.

    Returns:
        The last code, and the sizes worth trying the next time: all that are left from the one RAS knew.
    """
    code = ERROR_INVALID_SIZE
    for index, size in enumerate(sizes):
        code = int(call(size))
        if code not in OTHER_SIZE or settled():
            return code, sizes[index:]
    return code, sizes


def grow(call: Callable[[Any, Any], int], size: int) -> tuple[int, Any, int]:
    """Call RAS with a buffer, and again with a larger one for as long as RAS asks for it with 603.

    A buffer that was too small is wiped, as it may hold part of a secret.

    Args:
        call: Takes the buffer (NULL where `size` is 0) and a DWORD cell with its size; returns RAS's code.
        size: Bytes of the first buffer.

    Returns:
        The last code, the last buffer, and the size that RAS wrote into the cell.
    """
    cell = ffi.new("DWORD *", size)
    for _ in range(_MOST_CALLS):
        given = cell[0]
        buffer = ffi.new("BYTE[]", given) if given else ffi.NULL
        code = int(call(buffer, cell))
        if code != ERROR_BUFFER_TOO_SMALL or not given < cell[0] <= LARGEST:
            break
        if given:
            text.wipe(buffer)
    return code, buffer, int(cell[0])


def room_at(buffer: Any, pointer: Any) -> int:
    """Return how many bytes of the buffer follow a pointer that RAS gave; 0 if it points elsewhere."""
    start = int(ffi.cast("uintptr_t", pointer)) - int(ffi.cast("uintptr_t", buffer))
    return len(buffer) - start if 0 <= start < len(buffer) else 0
