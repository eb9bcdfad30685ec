"""What takes milliseconds of Python goes off the event loop, but on one thread for all.

Python runs one thread at a time: more of them think no faster, and whoever only wants to pass on a message
waits for each of them in turn.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

_ONE = ThreadPoolExecutor(1, thread_name_prefix="thinking")


async def think(fn: Callable[..., T], *args: object) -> T:
    """Run it on the one thread that thinks."""
    return await asyncio.get_running_loop().run_in_executor(_ONE, fn, *args)
