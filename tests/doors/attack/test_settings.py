"""How the node is set: passwords, its secret, its log. What nobody should change without noticing."""

import os
import re
import secrets
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hasher, make_password, verify_password

from jingwei.apps.agencies.actions.people import encode_password
from jingwei.kernel.refusals import Refused
from tests.house.tree import Tree, dotted, parse


def test_passwords_are_kept_by_scrypt():
    kept = make_password("river-town-2021-long")
    name, work, _salt, block, parallel, _digest = kept.split("$")
    # Source: OWASP Password Storage Cheat Sheet, scrypt: N 2^14, r 8, p 5 or stronger
    assert name == "scrypt" and int(work) >= 2**14 and int(block) >= 8 and int(parallel) >= 5
    assert get_hasher().algorithm == "scrypt" and len(settings.PASSWORD_HASHERS) == 1


def test_passwords_of_any_composition_and_of_64_characters_are_taken():
    for good in (
        "only small letters here",
        "大河汤汤浊浪滔滔水",
        "1234 5678 9012 3456 77",
        "x" * 30 + "y" * 34,
        " a  b  c  d ",
    ):
        kept = encode_password(good, "somebody")
        assert verify_password(good, kept)[0]
        for other in (good[:-1], good.upper() if good.upper() != good else good + " ", good + "x"):
            assert not verify_password(other, kept)[0], "every character counts"
    with pytest.raises(Refused) as refused:
        encode_password("short", "somebody")
    assert refused.value.code == "password_too_short"


def test_every_field_for_a_password_is_one():
    folder = Path(__file__).resolve().parents[3] / "src/jingwei/doors/web/templates"
    fields = [
        field
        for path in folder.rglob("*.html")
        for field in re.findall(r"<input[^>]*name=\"(?:password|old|new|again)\"[^>]*>", path.read_text())
    ]
    assert len(fields) >= 3
    for field in fields:
        assert 'type="password"' in field and "onpaste" not in field, field
        # at a shared desk the browser must not keep the colleague's password
        own = 'id="switch-password"' in field and 'autocomplete="off"' in field
        assert own or re.search(r'autocomplete="(current|new)-password"', field), field


def weak_sources(tree: Tree) -> list[str]:
    """Uses of the generator that can be guessed, where something is to be secret."""
    import ast

    return [
        f"{tree.name(path)}:{node.lineno}"
        for path in tree.sources("apps", "doors", "wiring", "kernel")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call) and dotted(node.func).startswith(("random.", "numpy.random."))
    ]


def test_secrets_come_from_the_systems_generator(tmp_path):
    from tests.house.tree import plant

    assert not weak_sources(Tree())
    assert weak_sources(plant(tmp_path, {"src/jingwei/doors/x.py": "import random\nrandom.random()"})), (
        "canary"
    )
    assert isinstance(secrets.SystemRandom().random(), float)


def asked(line: str, home: Path, **more: str) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("JINGWEI_", "DJANGO_"))}
    env |= {"JINGWEI_HOME": str(home), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), **more}
    done = subprocess.run(
        [sys.executable, "-c", line], env=env, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip() + done.stderr.strip()


def test_the_nodes_secret_is_made_once_and_is_the_owners_alone(tmp_path):
    line = "from jingwei.wiring import settings; print(settings.SECRET_KEY)"
    first, again = asked(line, tmp_path / "a"), asked(line, tmp_path / "a")
    assert first == again and len(first) >= 64 and asked(line, tmp_path / "b") != first
    assert stat.S_IMODE((tmp_path / "a" / "secret").stat().st_mode) == 0o600


def test_lines_of_the_log_carry_their_offset(tmp_path):
    line = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'jingwei.wiring.settings'; import django; "
        "django.setup(); import logging; logging.getLogger('x').warning('said')"
    )
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} WARNING x said", asked(line, tmp_path / "c")
    )
