"""What a process of the node keeps in memory of the database, and how the allocator parts it.

A county's node stands on a small machine. A dozen threads of the front each with the cache of a bulk load,
and an arena of the allocator for each of them, are a third of a gigabyte that nobody needs: what they read
stands in the system's own cache of the file.
"""

import ctypes
import sys

from .sqlite.base import DatabaseWrapper

#: KiB of the file that a thread keeps which reads pages, seals or answers calls.
#: Source: measured at 100,000 reports, 2026-11-29: a deep page of a list takes 7 ms longer than with 32 MB,
#: others nothing that can be told; eight threads hold 190 MB less.
LIGHT_KIB = 8_000
#: Arenas of the GNU allocator; its own limit is eight for each core. Source: our estimate, Python's threads
#: seldom allocate at once, 2026-11-29.
ARENAS = 2
#: What is larger goes back to the system when it is freed, bytes; else the limit grows with what is asked.
#: Source: malloc.h, glibc 2.36, the limit it begins with.
LARGE = 128 * 1024
#: Names of the GNU allocator's options. Source: malloc.h, glibc 2.36.
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8


def stay_light() -> None:
    """Called once, before a process of the node has threads: those that go by no rank keep little."""
    DatabaseWrapper.usual_kib = LIGHT_KIB
    limit_allocator()


def limit_allocator() -> bool:
    """Few arenas, and large blocks given back. False where the allocator is another than GNU's."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_ARENA_MAX, ARENAS)) and bool(mallopt(_MMAP_THRESHOLD, LARGE))
