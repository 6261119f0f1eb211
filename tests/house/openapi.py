"""The description of the JSON door for programs: generated from the code, kept in docs/api/.

.venv/bin/python -m tests.house.openapi     writes docs/api/openapi.json anew (`make docs`)
"""

import json
import os
import tempfile

from tests.house.tree import ROOT

PATH = ROOT / "docs" / "api" / "openapi.json"


def describe() -> str:
    """The document as it should stand in the file. Needs Django to be up."""
    from django.utils import translation

    from jingwei.doors.api.routes import api

    with translation.override("en"):
        return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=2, default=str) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ.update({"JINGWEI_HOME": home, "DJANGO_SETTINGS_MODULE": "jingwei.wiring.settings"})
        import django

        django.setup()
        text = describe()
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(text)
