"""What stands in the folder of static files: others' code unchanged, nothing that the policy forbids."""

import hashlib
import re
from pathlib import Path

WEB = Path(__file__).resolve().parents[3] / "src" / "jingwei" / "doors" / "web"
VENDOR = WEB / "static" / "vendor"


def test_code_of_others_is_what_its_note_says() -> None:
    note = (VENDOR / "README.md").read_text(encoding="utf-8")
    scripts = sorted(VENDOR.glob("*.js"))
    assert scripts
    for script in scripts:
        assert f"`{script.name}`" in note
        assert hashlib.sha256(script.read_bytes()).hexdigest() in note


def test_no_template_holds_script_or_style() -> None:
    forbidden = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    for path in WEB.rglob("templates/**/*.html"):
        found = forbidden.search(path.read_text(encoding="utf-8"))
        assert found is None, f"{path.name}: {found[0]}"


def test_level_colors_stand_only_in_tokens_badges_map_and_time_axis() -> None:
    level = re.compile(r"var\(--l[1-4][te]?\)")
    allowed = re.compile(r"^\s*(\.g[1-4]|\.map \.m[1-4]|\.axis (rect\.g[1-4]|\.bt))")
    for path in (WEB / "static").glob("*.css"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not level.search(line) or allowed.match(line), f"{path.name}: {line.strip()}"
