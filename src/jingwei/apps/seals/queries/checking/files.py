"""Files in the home that facts speak of: photos."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from ...rules import Findings


def check_files(files: Mapping[tuple[str, str], tuple[int, str]], findings: Findings) -> int:
    """Whether each file is there and has the digest its fact gave. Returns how many are spoken of."""
    home = Path(settings.HOME)
    for (folder, name), (entry, digest) in files.items():
        try:
            with (home / folder / name).open("rb") as file:
                now = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            findings.add("photo_missing", of=f"{folder}/{name}", entry=entry)
            continue
        if now != digest:
            findings.add("photo_swapped", of=f"{folder}/{name}", entry=entry)
    return len(files)
