"""A small net by hand: two ways from Xingyang to Jinshui, a short one and a long one round it."""

import tempfile
from pathlib import Path

#: West, east, and the detour in the south; the short way has a crossing in the middle.
WEST, EAST, MIDDLE, SOUTH = (113.391, 34.789), (113.660, 34.801), (113.52, 34.795), (113.52, 34.60)
OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="by hand">
 <node id="1" lat="34.789" lon="113.391" version="1"/>
 <node id="2" lat="34.795" lon="113.520" version="1"/>
 <node id="3" lat="34.801" lon="113.660" version="1"/>
 <node id="4" lat="34.600" lon="113.520" version="1"/>
 <way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
  <tag k="highway" v="primary"/><tag k="name" v="郑上路"/><tag k="maxspeed" v="60"/></way>
 <way id="11" version="1"><nd ref="1"/><nd ref="4"/><nd ref="3"/>
  <tag k="highway" v="primary"/><tag k="name" v="南线"/><tag k="maxspeed" v="60"/></way>
</osm>
"""


def an_extract(folder: Path) -> Path:
    path = folder / "town.osm"
    path.write_text(OSM, encoding="utf-8")
    return path


def a_net() -> bytes:
    from jingwei.engines.roads.osm import read_extract

    with tempfile.TemporaryDirectory() as folder:
        return read_extract(an_extract(Path(folder))).to_bytes()
