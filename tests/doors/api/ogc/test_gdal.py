"""A map program that is not ours reads the features: GDAL's own driver, from a serving node."""

import json
import subprocess
import sys

import pytest
from django.db import transaction

from jingwei.apps.registers import actions
from jingwei.wiring.prepare import real_moment
from tests.builders import holding_of
from tests.doors.api.test_read import a_token
from tests.nodes import serving

pytestmark = pytest.mark.slow
#: Rows: more than a page of the driver's, so that it follows the links.
ROWS = 25

READS = """
import json, sys, pyogrio
url = "OAPIF:" + sys.argv[1] + "/ogc"
layers = [str(name) for name, _ in pyogrio.list_layers(url)]
info = pyogrio.read_info(url, layer="teams")
meta, _, shapes, columns = pyogrio.raw.read(url, layer="teams", page_size="10")
boxed = pyogrio.raw.read(url, layer="teams", bbox=(113.0, 34.0, 113.055, 35.0))
kinds = pyogrio.raw.read(url, layer="teams", where="state = 'out'")
held = dict(zip(meta["fields"], columns))
print(json.dumps({
    "layers": layers, "crs": info["crs"], "geometry": info["geometry_type"],
    "names": sorted(map(str, held["name"])), "phones": sorted(set(map(str, held["phone"]))),
    "points": sum(shape is not None for shape in shapes), "boxed": len(boxed[2]), "out": len(kinds[2]),
}))
"""


def test_gdal_reads_layers_features_pages_boxes_and_filters(live_db):
    operator = holding_of("zhongyu")
    for n in range(ROWS):
        values = {
            "name": f"{n:02}队", "place": "4101", "kind": "FIRE", "phone": "13612342071",
            "lon": 113 + n / 100, "lat": 34.5, "state": "out" if n < 4 else "ready",
        }  # fmt: skip
        actions.add_row("teams", values, by=operator, moment=real_moment())
    with transaction.atomic():
        token = a_token()
    with serving(live_db) as node:
        env = live_db.env | {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": token}
        done = subprocess.run(
            [sys.executable, "-c", READS, node.url], env=env, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout.splitlines()[-1])
        without = subprocess.run(
            [sys.executable, "-c", READS, node.url], env=live_db.env, capture_output=True, timeout=120
        )
    assert {"teams", "shelters", "stores", "hospitals", "hazard-sources"} <= set(found["layers"])
    assert found["names"] == [f"{n:02}队" for n in range(ROWS)]
    assert found["points"] == ROWS and found["geometry"] in ("Point", "Unknown") and found["crs"]
    assert found["boxed"] == 6 and found["out"] == 4
    assert found["phones"] == ["136****71"], "masked for map programs too"
    assert without.returncode != 0, "no token, no features"
