"""A node of a benchmark's own: set up, served by its real processes, and ended."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: How long a node may take to answer its first request, seconds.
PATIENCE_S = 120.0
#: A program that reads: no person of the cast is one, so it is enrolled beside them.
_READER = {
    "organizations.csv": "code,name_zh,name_en,kind,place,territory,profession,party,standing,fictional\n",
    "posts.csv": "code,organization,name_zh,name_en,role,place,hazard,fictional\n"
    "bench-reader,4101-zbs,测量读取,Reader of the benchmark,viewer,4101,,1\n",
    "people.csv": "username,name_zh,name_en,kind,phone,posts,from_at,until_at,fictional\n"
    ",测量程序,Benchmark program,program,,bench-reader,2021-01-01T00:00:00+08:00,,1\n",
}
_SET_UP = (
    "import sys; from jingwei.wiring.start import start; start(); "
    "from jingwei.wiring.prepare import make_demo_node; make_demo_node(sys.stdin.readline().strip())"
)


@dataclass
class Node:
    """A node that answers at `url`; `pid` is the process it was started as."""

    url: str
    home: Path
    password: str
    feed: str
    reader: str
    env: dict[str, str]
    process: "subprocess.Popen[bytes]"

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def database(self) -> Path:
        return self.home / "node.sqlite3"


def environment(home: Path, **more: str) -> dict[str, str]:
    """What the node's processes are told; nothing of the caller's own node gets in."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("JINGWEI_", "DJANGO_", "PYTEST_"))}
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    own |= {"PYTHONPATH": path, "JINGWEI_HOME": str(home), "JINGWEI_NODE": "bench"}
    return own | {"JINGWEI_PUBLIC_POST": "4101-zbs-public"} | more


def verb(
    env: dict[str, str], *words: str, given: str = "", check: bool = True
) -> subprocess.CompletedProcess:
    """Run one verb of the `jingwei` command on the node."""
    line = [sys.executable, "-m", "jingwei.wiring", *words]
    done = subprocess.run(line, env=env, cwd=ROOT, input=given, text=True, capture_output=True, check=False)
    if check and done.returncode:
        raise RuntimeError(f"jingwei {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def set_up(home: Path, password: str, **more: str) -> tuple[dict[str, str], str, str]:
    """An empty folder becomes a node with the demo's cast. Returns environment, feed and reader tokens."""
    home.mkdir(parents=True, exist_ok=True)
    env = environment(home, **more)
    line = [sys.executable, "-c", _SET_UP]
    subprocess.run(line, env=env, cwd=ROOT, input=password + "\n", text=True, check=True)
    folder = home / "reader"
    folder.mkdir(exist_ok=True)
    for name, content in _READER.items():
        (folder / name).write_text(content, encoding="utf-8")
    verb(env, "roster", str(folder), "--as", "zhongyu")
    feed = verb(env, "token", "4101-zbs-feeds", "bench", "--as", "zhongyu").stdout.split()[-1]
    return env, feed, verb(env, "token", "bench-reader", "bench", "--as", "zhongyu").stdout.split()[-1]


@contextmanager
def a_node(home: Path, *, password: str = "river-town-2021", **more: str) -> Iterator[Node]:  # noqa: S107
    """Set up a node, serve it with worker and all, and end it as an operator would (SIGTERM)."""
    env, feed, reader = set_up(home, password, **more)
    with served(home, env, password=password, feed=feed, reader=reader) as node:
        yield node


@contextmanager
def served(home: Path, env: dict[str, str], *, password: str, feed: str, reader: str) -> Iterator[Node]:
    """Serve a node that is set up, and end it."""
    port = free_port()
    with (home / "serve.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jingwei.wiring", "serve", "--port", str(port)],
            env=env, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    node = Node(url=url, home=home, password=password, feed=feed, reader=reader, env=env, process=process)
    try:
        _wait(node)
        yield node
    finally:
        end(process)


def _wait(node: Node) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if node.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{node.url}/sign-in", timeout=5):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the node does not answer:\n{(node.home / 'serve.log').read_text()[-4000:]}")


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask it to end; what is still there after a while is killed, with all it started."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
