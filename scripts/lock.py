"""Write requirements/*.txt anew from pyproject.toml: every version with its hashes, no address of an index.

.venv/bin/python scripts/lock.py             keep versions where possible
.venv/bin/python scripts/lock.py --upgrade   take the newest that pyproject.toml allows
"""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Written by scripts/lock.py from pyproject.toml. Change that and run it again.\n"
COMMON = ["--universal", "--python-version", "3.11"]
COMMON += ["--generate-hashes", "--no-emit-index-url", "--no-header"]
LOCKS = {
    "run.txt": ["--extra", "postgres"],
    "roads.txt": ["--extra", "roads", "--constraint", "requirements/run.txt"],
    "dev.txt": [
        *("--extra", "postgres", "--extra", "roads", "--extra", "solvers", "--group", "dev"),
        *("--constraint", "requirements/run.txt"),
    ],
    "bench.txt": ["--extra", "postgres", "--group", "bench", "--constraint", "requirements/run.txt"],
}
#: Extras that are put beside a node where they can be had, each locked by itself.
BESIDE = {"polygons.txt": "polygons", "solvers.txt": "solvers"}


def main(options: list[str]) -> int:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    work = [(name, "pyproject.toml", wanted, "") for name, wanted in LOCKS.items()]
    same = ["--constraint", "requirements/run.txt", "--constraint", "requirements/dev.txt"]
    work += [(name, "-", same, "\n".join(extras[extra])) for name, extra in BESIDE.items()]
    for name, source, wanted, words in work:
        code = _compile(ROOT / "requirements" / name, source, [*wanted, *options], words)
        if code:
            return code
    return 0


def _compile(path: Path, source: str, options: list[str], words: str) -> int:
    """One lock, from a file or from the words themselves."""
    uv = Path(sys.executable).with_name("uv")
    line = [str(uv), "pip", "compile", source, *COMMON, *options, "--output-file", str(path)]
    done = subprocess.run(line, cwd=ROOT, stdout=subprocess.DEVNULL, input=words, text=True, check=False)
    if done.returncode == 0:
        # the comments on who needs a package name files of this machine's folder: leave them out
        lines = [x for x in path.read_text().splitlines() if not x.lstrip().startswith("#")]
        path.write_text(HEADER + "\n".join(lines) + "\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
