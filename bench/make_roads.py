"""Cut the road net of an OpenStreetMap extract once, so that a demo can ship it: same extract, same bytes.

    python bench/make_roads.py poa.osm.pbf src/jingwei/data/roads/porto-alegre.npz

What it writes is a database derived from OpenStreetMap: it ships under the ODbL, with the notice beside it.
"""

import sys
from pathlib import Path

from jingwei.engines.roads.osm import read_extract


def main(source: str, target: str) -> int:
    net = read_extract(Path(source), lambda step, count: print(f"  {step}: {count}", flush=True))
    Path(target).write_bytes(net.to_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
