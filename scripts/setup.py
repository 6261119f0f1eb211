"""Make this checkout ready to run or to test: only the standard library, nothing asked.

The virtual environment is .venv. The packages are those of requirements/*.txt, every file checked
against its hash, from wherever pip is configured to take them. A stamp in .venv holds the digest of
what was installed, so that a second call does nothing.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)

#: What a file tells about a font with Chinese characters being there.
FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
COMPILERS = ("cc", "gcc", "clang")


class Missing(Exception):
    """One thing is not there and cannot be put there without more rights: say which, and stop."""


def say(text: str) -> None:
    print(f"jingwei: {text}", flush=True)


def ready(what: str) -> None:
    """Set up to `run` the program, to develop it (`dev`: also the tools), or to `test` it all."""
    _python()
    _packages("run" if what == "run" else "dev")
    _paths()
    if what == "test":
        _system()


def _python() -> None:
    if PYTHON.exists() and _quiet([str(PYTHON), "-c", "import pip"]):
        return
    if sys.version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        found = ".".join(map(str, sys.version_info[:2]))
        raise Missing(f"Python {wanted} or later (this is {found}); name it: make PYTHON=python{wanted} …")
    if not _quiet([sys.executable, "-c", "import ensurepip, venv"]):
        _apt("python3-venv", "Python's venv module")
    say(f"making .venv with Python {'.'.join(map(str, sys.version_info[:3]))}")
    if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False).returncode:
        raise Missing("a virtual environment in .venv: the lines above say why")


def _packages(kind: str) -> None:
    lock = ROOT / "requirements" / f"{kind}.txt"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = VENV / f".ready-{kind}"
    if stamp.exists() and stamp.read_text() == digest:
        return
    count = sum("==" in line for line in lock.read_text().splitlines())
    say(f"installing {count} packages of requirements/{lock.name}")
    started = time.monotonic()
    line = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    line += ["--progress-bar=off", "--only-binary=:all:", "--require-hashes", "-r", str(lock)]
    code, output = _follow(line)
    if code:
        print(output, file=sys.stderr)
        raise Missing(f"packages of requirements/{lock.name}: pip says why above")
    say(f"installed in {time.monotonic() - started:.0f} s")
    if kind == "run":  # the other lock may hold other versions: look again next time
        (VENV / ".ready-dev").unlink(missing_ok=True)
    else:
        (VENV / ".ready-run").write_text(hashlib.sha256((lock.parent / "run.txt").read_bytes()).hexdigest())
    stamp.write_text(digest)


def put_beside(name: str, what: str) -> None:
    """Put something beside that everything works without; where it cannot be had, say so and go on."""
    lock = ROOT / "requirements" / f"{name}.txt"
    digest, stamp = hashlib.sha256(lock.read_bytes()).hexdigest(), VENV / f".ready-{name}"
    if stamp.exists() and stamp.read_text() == digest:
        return
    say(f"installing {what} (requirements/{lock.name})")
    line = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet"]
    line += ["--only-binary=:all:", "--no-deps", "--require-hashes", "-r", str(lock)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["pip did not say why"])[-1]
        say(f"without {what}, everything else works: {why}")
        return
    stamp.write_text(digest)


def _follow(line: list[str]) -> tuple[int, str]:
    """Run pip and name each package as it is taken, so that one sees it move."""
    kept: list[str] = []
    named = 0
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for text in pip.stdout or ():
            kept.append(text)
            if text.startswith("Collecting "):
                named += 1
                print(text.split()[1].split("==")[0], end="\n" if named % 8 == 0 else " ", flush=True)
    if named % 8:
        print(flush=True)
    return pip.returncode, "".join(kept)


def _paths() -> None:
    """Let .venv find src/ and the `jingwei` command without building anything."""
    for folder in [VENV / "Lib" / "site-packages", *VENV.glob("lib/python3*/site-packages")]:
        if folder.is_dir():
            _write(folder / "jingwei-checkout.pth", f"{ROOT / 'src'}\n")
    if os.name != "nt":
        command = BIN / "jingwei"
        _write(command, f'#!/bin/sh\nexec "{PYTHON}" -m jingwei.wiring "$@"\n')
        command.chmod(0o755)


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def browser() -> str | None:
    """The Chromium that the tests drive: JINGWEI_CHROMIUM, or the system's."""
    given = os.environ.get("JINGWEI_CHROMIUM")
    if given:
        return given if Path(given).exists() else None
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def _system() -> None:
    """What the tests need that pip does not carry."""
    if browser() is None:
        _apt("chromium", "Chromium, which the browser tests drive")
    if not _has_chinese_font():
        _apt("fonts-noto-cjk", "a font with Chinese characters, for the browser tests")
    if not any(map(shutil.which, COMPILERS)):
        _apt("gcc", "a C compiler, for the shim that makes disks and clocks fail")
    if _c_headers() is None:
        _apt("libc6-dev", "the C library's headers, for the same")
    if not _quiet([str(PYTHON), "-m", "playwright", "--version"]):
        _apt("libatomic1", "libatomic, which Playwright's driver of the browser needs")


def _c_headers() -> Path | None:
    """Where the compiler finds them; None where it finds none."""
    places = [Path("/usr/include"), Path("/usr/local/include")]
    return next((p for p in places if (p / "dlfcn.h").exists()), None) if os.name == "posix" else Path()


def _has_chinese_font() -> bool:
    wanted = ("CJK", "SourceHan", "PingFang", "wqy", "SimSun", "msyh")
    places = [Path(p) for p in FONTS] + [Path.home() / ".fonts", Path.home() / ".local/share/fonts"]
    return any(any(w in f.name for w in wanted) for p in places if p.is_dir() for f in p.rglob("*.[to]t[cf]"))


_updated = False


def _apt(package: str, what: str) -> None:
    """Install one of Debian's packages as root, or name what is missing."""
    global _updated
    if not (shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0):
        raise Missing(f"{what} (on Debian: apt-get install {package})")
    say(f"installing {package}")
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    if not _updated:
        subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)
        _updated = True
    line = ["apt-get", "install", "-y", "-q", "--no-install-recommends", package]
    if subprocess.run(line, check=False, **quiet).returncode:
        raise Missing(f"{what} (apt-get install {package} failed: see above)")


def _quiet(line: list[str]) -> bool:
    null = subprocess.DEVNULL
    return subprocess.run(line, stdout=null, stderr=null, check=False).returncode == 0
