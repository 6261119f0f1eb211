"""Finds every text of the doors that wants a translation, and compiles the catalog.

    python -m tests.house.translations

writes django.mo, and names texts without a Chinese sentence.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DOORS = Path(__file__).resolve().parents[2] / "src" / "jingwei" / "doors"
PO = DOORS / "web" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")

_KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "n_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def _sources() -> Iterator[tuple[Path, str]]:
    from django.utils.translation.template import templatize

    for path in sorted(DOORS.rglob("*.py")):
        yield path, path.read_text(encoding="utf-8")
    for path in sorted(DOORS.rglob("templates/**/*.html")):
        yield path, templatize(path.read_text(encoding="utf-8"), origin=str(path))


def list_wanted() -> dict[tuple[str, ...], list[str]]:
    """Every message id (singular, or singular and plural) and the files that use it."""
    wanted: dict[tuple[str, ...], list[str]] = {}
    for path, text in _sources():
        file = io.BytesIO(text.encode())
        for _, message, _, _ in extract("python", file, keywords=_KEYWORDS, options={"encoding": "utf-8"}):
            key = message if isinstance(message, tuple) else (message,)
            if key[0]:
                wanted.setdefault(tuple(key), []).append(path.name)
    return wanted


def read_catalog() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def list_untranslated() -> list[str]:
    """Texts that the catalog lacks, or has without a Chinese sentence."""
    catalog = read_catalog()
    lacking = []
    for key, files in list_wanted().items():
        message = catalog.get(key[0])
        done = message is not None and (
            all(message.string) if isinstance(message.string, (tuple, list)) else bool(message.string)
        )
        if not done or message.fuzzy:
            lacking.append(f"{key[0]!r} in {', '.join(sorted(set(files)))}")
    return sorted(lacking)


def list_unused() -> list[str]:
    """Texts of the catalog that no door uses any more."""
    wanted = {key[0] for key in list_wanted()}
    return sorted(
        str(m.id if isinstance(m.id, str) else m.id[0])
        for m in read_catalog()
        if m.id and (m.id if isinstance(m.id, str) else m.id[0]) not in wanted
    )


def compiled() -> bytes:
    """The catalog as the machine reads it."""
    out = io.BytesIO()
    write_mo(out, read_catalog())
    return out.getvalue()


def main() -> int:
    MO.write_bytes(compiled())
    lacking = list_untranslated()
    for line in lacking:
        print(line)
    for line in list_unused():
        print("unused:", line)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
