"""Write requirements/*.txt anew from pyproject.toml: every version with its hashes, no address of an index.

.venv/bin/python scripts/lock.py             keep versions where possible
.venv/bin/python scripts/lock.py --upgrade   take the newest that pyproject.toml allows
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Written by scripts/lock.py from pyproject.toml. Change that and run it again.\n"
COMMON = ["--universal", "--python-version", "3.11"]
COMMON += ["--generate-hashes", "--no-emit-index-url", "--no-header"]
LOCKS = {
    "run.txt": ["--extra", "postgres"],
    "roads.txt": ["--extra", "roads", "--constraint", "requirements/run.txt"],
    "dev.txt": [
        *("--extra", "postgres", "--extra", "roads", "--group", "dev"),
        *("--constraint", "requirements/run.txt"),
    ],
    "bench.txt": ["--extra", "postgres", "--group", "bench", "--constraint", "requirements/run.txt"],
}


def main(options: list[str]) -> int:
    uv = Path(sys.executable).with_name("uv")
    for name, wanted in LOCKS.items():
        path = ROOT / "requirements" / name
        line = [str(uv), "pip", "compile", "pyproject.toml", *COMMON, *wanted, *options]
        line += ["--output-file", str(path)]
        done = subprocess.run(line, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            return done.returncode
        # the comments on who needs a package name files of this machine's folder: leave them out
        lines = [x for x in path.read_text().splitlines() if not x.lstrip().startswith("#")]
        path.write_text(HEADER + "\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
