"""Builds shim.c and holds its controls: the clock, the disk, and the log of what is not synced yet."""

import mmap
import os
import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
WELL, NO_ROOM, READ_ONLY = 0, 1, 2
_NAMES = (
    "clock_ns",
    "disk",
    "logging",
    "deaf",
    "slow_us",
    "which",
    "fired_clock",
    "fired_disk",
    "noted",
    "synced",
)
_SLOT = struct.Struct("<q")


def build(folder: Path) -> Path:
    """Compile the shim into the folder. Raises FileNotFoundError without a C compiler."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        raise FileNotFoundError("no C compiler: on Debian, apt-get install gcc libc6-dev")
    library = folder / "shim.so"
    line = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl", "-lpthread"]
    subprocess.run(line, check=True)
    library.chmod(0o755)
    return library


class Shim:
    """The controls that every process under it sees at once."""

    def __init__(self, folder: Path, *files: Path) -> None:
        """`folder` holds the shim itself; `files` are the folders whose files the faults are about."""
        self.folder, self.files = folder, files
        self.library = build(folder)
        self.control, self.log = folder / "control", folder / "unsynced.log"
        for path, content in ((self.control, b"\0" * 4096), (self.log, b"")):
            path.write_bytes(content)
            path.chmod(0o666)  # the database's server may run as another user
        fd = os.open(self.control, os.O_RDWR)
        self._map = mmap.mmap(fd, 4096)
        os.close(fd)

    def env(self) -> dict[str, str]:
        """What a process under the shim is started with."""
        return {
            "LD_PRELOAD": str(self.library),
            "SHIM_CONTROL": str(self.control),
            "SHIM_FOLDER": ":".join(map(str, self.files)),
            "SHIM_LOG": str(self.log),
        }

    def get(self, name: str) -> int:
        value: int = _SLOT.unpack_from(self._map, _NAMES.index(name) * 8)[0]
        return value

    def set(self, name: str, value: int) -> None:
        _SLOT.pack_into(self._map, _NAMES.index(name) * 8, value)

    def move_clock(self, seconds: float) -> None:
        """Put the clock on the wall so far from the true time."""
        self.set("clock_ns", int(seconds * 1e9))

    def fail_disk(self, how: int, *which: int) -> None:
        """From now on these folders' disk is `NO_ROOM` or `READ_ONLY`, or `WELL` again; none: all."""
        self.set("which", sum(1 << one for one in which))
        self.set("disk", how)

    def begin_log(self, *, slow_s: float = 0.1) -> None:
        """Forget what was written before: from now on a power cut takes what is not synced.

        The disk takes its time to sync, as disks do that turn; a cut then finds something under way.
        """
        os.truncate(self.log, 0)
        self.set("slow_us", int(slow_s * 1e6))
        self.set("logging", 1)

    def end_log(self) -> None:
        self.set("slow_us", 0)
        self.set("logging", 0)
