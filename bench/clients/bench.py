"""Programs that are not ours read a running node: QGIS, GDAL's own tool, LibreOffice, two calendar programs.

Needs these of the system (Debian: python3-qgis qgis-providers gdal-bin libreoffice-calc-nogui khal calcurse);
what is absent is named in `more.absent`, and what it would have read stays without a figure.
"""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from bench.activation.bench import sign_in
from bench.node import ROOT, Node, a_node
from bench.run import Result
from jingwei.engines.sheets.workbooks import read_workbook

#: What each program is called by, and how it tells its version.
PROGRAMS = {
    "qgis": ("/usr/bin/python3", "-c", "from qgis.core import Qgis; print(Qgis.QGIS_VERSION)"),
    "gdal": ("ogrinfo", "--version"),
    "libreoffice": ("soffice", "--version"),
    "khal": ("khal", "--version"),
    "calcurse": ("calcurse", "--version"),
}
#: How long a program may take, seconds: a busy machine, not a measurement.
PATIENCE_S = 600
HERE = Path(__file__).resolve().parent


def run() -> Result:
    result = Result(bench="clients")
    versions = {name: version_of(line) for name, line in PROGRAMS.items()}
    result.more["versions"] = {name: version for name, version in versions.items() if version}
    result.more["absent"] = sorted(name for name, version in versions.items() if not version)
    with tempfile.TemporaryDirectory() as folder, a_node(Path(folder) / "node") as node:
        filled = json.loads(_filled(node))
        reads: dict[str, Callable[[Path], dict[str, Any]]] = {
            "qgis": lambda home: read_with_qgis(node, filled),
            "gdal": lambda home: read_with_gdal(node, filled),
            "libreoffice": lambda home: read_with_libreoffice(node, home, filled),
            "khal": lambda home: read_with_khal(node, home, filled),
            "calcurse": lambda home: read_with_calcurse(node, home, filled),
        }
        for name, read in reads.items():
            if versions[name]:
                home = Path(folder) / name
                home.mkdir()
                for what, (found, wanted) in read(home).items():
                    key = f"{name}_{what}"
                    result.figures[key] = float(found)
                    result.targets[key] = {"op": "==", "value": float(wanted)}
    return result


def version_of(line: tuple[str, ...]) -> str:
    """The first line that says it; '' where the program is not there."""
    if shutil.which(line[0]) is None:
        return ""
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    return done.stdout.strip().splitlines()[0].strip() if done.returncode == 0 and done.stdout.strip() else ""


def _filled(node: Node) -> str:
    line = [sys.executable, "-m", "bench.clients.filling"]
    done = subprocess.run(line, env=node.env, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    return done.stdout.strip().splitlines()[-1]


# --- maps -------------------------------------------------------------------------------------------------


def read_with_qgis(node: Node, filled: dict[str, Any]) -> dict[str, Any]:
    """Every collection: how many features, of which geometry; a filter, a box, pages smaller than layers."""
    asked = {"url": f"{node.url}/ogc", "token": node.reader, "layers": filled["layers"]}
    env = _clean() | {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(node.home)}
    done = subprocess.run(
        ["/usr/bin/python3", str(HERE / "qgis_reads.py")], env=env, input=json.dumps(asked),
        capture_output=True, text=True, check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"QGIS: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    said = json.loads(done.stdout.strip().splitlines()[-1])
    found = {f"{code}_features": (said[code]["count"], many) for code, many in filled["layers"].items()}
    return found | {
        "areas_valid": (said["areas"]["valid"], 5),
        "areas_surfaces": (said["areas"]["geometries"].get("MultiPolygon", 0), filled["surfaces"]),
        "areas_lines": (said["areas"]["geometries"].get("MultiLineString", 0), filled["lines"]),
        "divisions_surfaces": (said["divisions"]["geometries"].get("MultiPolygon", 0), 3),
        "divisions_valid": (said["divisions"]["valid"], 3),
        "areas_in_box": (said["areas"]["boxed"], filled["areas_in_box"]),
        "teams_filtered": (said["teams"]["filtered"], filled["teams_out"]),
    }


def read_with_gdal(node: Node, filled: dict[str, Any]) -> dict[str, Any]:
    # GDAL before 3.7 has no bearers: the token as a password
    env = _clean() | {"GDAL_HTTP_AUTH": "BASIC", "GDAL_HTTP_USERPWD": f"token:{node.reader}"}
    found = {}
    for code, many in filled["layers"].items():
        line = ["ogrinfo", "-ro", "-al", "-q", "-oo", "PAGE_SIZE=20", f"OAPIF:{node.url}/ogc", code]
        done = subprocess.run(line, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
        if done.returncode:
            raise RuntimeError(f"ogrinfo {code}: {done.stderr[-2000:]}")
        found[f"{code}_features"] = (done.stdout.count("OGRFeature("), many)
    return found


# --- sheets -----------------------------------------------------------------------------------------------


def read_with_libreoffice(node: Node, home: Path, filled: dict[str, Any]) -> dict[str, Any]:
    """Exports as they come from the page: opened, and written in the other form; no cell may differ."""
    with httpx.Client(base_url=node.url, timeout=60, headers={"referer": node.url}) as client:
        sign_in(client, "zhongyu", node.password)
        files = {kind: client.get(f"/registers/teams/file.{kind}").content for kind in ("csv", "xlsx")}
    for kind, body in files.items():
        (home / f"teams.{kind}").write_bytes(body)
    ours = [list(map(str, line)) for line in csv.reader(io.StringIO(files["csv"].decode("utf-8-sig")))]
    from_xlsx = _converted(home, "teams.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true")
    read = list(csv.reader(io.StringIO(from_xlsx.decode("utf-8-sig"))))
    (home / "out" / "teams.csv").rename(home / "out" / "was.csv")
    from_csv = _converted(home, "teams.csv", "xlsx:Calc MS Excel 2007 XML", infilter="CSV:44,34,76,1,,0,true")
    table = read_workbook(from_csv)
    back = [list(table.headings), *(list(cells) for _, cells in table.lines)]
    return {
        "xlsx_rows": (len(read) - 1, filled["layers"]["teams"]),
        "xlsx_cells_that_differ": (_differ(ours, read), 0),
        "csv_rows": (len(back) - 1, filled["layers"]["teams"]),
        "csv_cells_that_differ": (_differ(ours, back), 0),
    }


def _converted(home: Path, name: str, to: str, *, infilter: str = "") -> bytes:
    profile = f"-env:UserInstallation=file://{home}/profile"
    line = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(home / "out")]
    line += [f"--infilter={infilter}"] if infilter else []
    done = subprocess.run(
        [*line, str(home / name)], env=_clean() | {"HOME": str(home)}, capture_output=True, text=True,
        check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    made = home / "out" / f"{Path(name).stem}.{to.split(':')[0]}"
    if not made.exists():
        raise RuntimeError(f"LibreOffice made no {made.name}: {done.stdout}{done.stderr}")
    return made.read_bytes()


def _differ(ours: list[list[str]], theirs: list[list[str]]) -> int:
    """Cells that are not the same; numbers are compared as numbers."""
    wide = max(map(len, [*ours, *theirs]))
    pairs = [
        (a, b)
        for one, other in zip(ours, [*theirs, *[[]] * (len(ours) - len(theirs))], strict=False)
        for a, b in zip([*one, *[""] * (wide - len(one))], [*other, *[""] * (wide - len(other))], strict=True)
    ]
    return sum(not _same(a, b) for a, b in pairs)


def _same(a: str, b: str) -> bool:
    try:
        return a == b or abs(float(a) - float(b)) < 1e-9
    except ValueError:
        return False


# --- calendars --------------------------------------------------------------------------------------------


def _calendar(node: Node, filled: dict[str, Any]) -> bytes:
    """By the secret address alone, as a program subscribes to it."""
    answer = httpx.get(f"{node.url}/calendar/{filled['calendar']}.ics", timeout=60)
    answer.raise_for_status()
    return answer.content


def read_with_khal(node: Node, home: Path, filled: dict[str, Any]) -> dict[str, Any]:
    (home / "due.ics").write_bytes(_calendar(node, filled))
    (home / "held").mkdir()
    (home / "khal.conf").write_text(
        f"[calendars]\n[[node]]\npath = {home}/held\n[sqlite]\npath = {home}/khal.db\n"
        "[locale]\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    khal = ["khal", "-c", str(home / "khal.conf")]
    env = _clean() | {"HOME": str(home), "LC_ALL": "C.UTF-8"}
    _said([*khal, "import", "--batch", "-a", "node", str(home / "due.ics")], env)
    first, days = filled["first_due"], str(filled["due_span_days"])
    said = _said([*khal, "list", "--format", "EVENT {start-date} {title}", first, days + "d"], env)
    lines = [line for line in said.splitlines() if line.startswith("EVENT ")]
    return {"events": (len(lines), filled["due"]), "named": (sum("巡堤" in x for x in lines), filled["due"])}


def read_with_calcurse(node: Node, home: Path, filled: dict[str, Any]) -> dict[str, Any]:
    (home / "due.ics").write_bytes(_calendar(node, filled))
    env = _clean() | {"HOME": str(home), "LC_ALL": "C.UTF-8"}
    calcurse = ["calcurse", "-D", str(home / "data"), "-C", str(home / "conf")]
    _said([*calcurse, "-i", str(home / "due.ics")], env)
    held = (home / "data" / "apts").read_text(encoding="utf-8")
    return {"events": (sum("巡堤" in line for line in held.splitlines()), filled["due"])}


def _said(line: list[str], env: dict[str, str]) -> str:
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    if done.returncode:
        raise RuntimeError(f"{line[0]}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def _clean() -> dict[str, str]:
    """The environment of somebody else's program: nothing of ours in it."""
    own = {
        k: v for k, v in os.environ.items() if not k.startswith(("JINGWEI_", "DJANGO_", "PYTHON", "VIRTUAL"))
    }
    return own | {"PATH": "/usr/local/bin:/usr/bin:/bin"}
