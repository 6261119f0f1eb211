"""Threads that read pages keep little of the database, and share few arenas of the allocator."""

import platform
import subprocess
import sys
import textwrap
import threading

from django.db import connection

from jingwei.wiring.database import memory
from jingwei.wiring.database.order import go_first, go_last
from jingwei.wiring.database.sqlite.base import CACHE_KIB, DatabaseWrapper

_ARENAS = textwrap.dedent("""
    import ctypes, sys, tempfile, threading
    from jingwei.wiring.database.memory import limit_allocator

    if sys.argv[1] == "limited" and not limit_allocator():
        raise SystemExit("another allocator")
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    together = threading.Barrier(12)

    def allocate():
        together.wait()
        for _ in range(2_000):
            libc.malloc(1_000)
        together.wait()

    threads = [threading.Thread(target=allocate) for _ in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    libc.fopen.restype = ctypes.c_void_p
    with tempfile.NamedTemporaryFile() as file:
        told = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
        libc.malloc_info(0, told)
        libc.fclose(told)
        print(file.read().count(b"<heap nr="))
""")


def kept_by_a_thread(begin: object = None) -> int:
    """KiB that the connection of a fresh thread keeps."""
    found: list[int] = []

    def look() -> None:
        if callable(begin):
            begin()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size")
            found.append(-cursor.fetchone()[0])
        connection.close()

    one = threading.Thread(target=look)
    one.start()
    one.join()
    return found[0]


def test_a_thread_of_pages_keeps_little_and_intake_and_worker_what_they_kept(live_db, monkeypatch) -> None:
    if connection.vendor != "sqlite":
        return  # the server keeps pages for all
    assert kept_by_a_thread() == CACHE_KIB  # canary: without it, as much as a bulk load
    monkeypatch.setattr(DatabaseWrapper, "usual_kib", CACHE_KIB)  # put back afterwards
    memory.stay_light()
    assert kept_by_a_thread() == memory.LIGHT_KIB <= CACHE_KIB / 4
    assert kept_by_a_thread(go_first) == kept_by_a_thread(go_last) == CACHE_KIB


def arenas(word: str) -> int:
    done = subprocess.run([sys.executable, "-c", _ARENAS, word], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_a_dozen_threads_share_two_arenas() -> None:
    if platform.libc_ver()[0] != "glibc":
        return  # another allocator has no arenas
    assert arenas("limited") <= memory.ARENAS < arenas("as it is")
