"""A road net taken in from an OpenStreetMap extract: `jingwei roads import FILE.osm.pbf`."""

import argparse
import importlib.util
import sys
from pathlib import Path

from jingwei.apps.agencies import queries as agencies
from jingwei.apps.roads import actions, queries
from jingwei.doors.entry.moments import this_moment


def roads(args: argparse.Namespace) -> int:
    """Read the extract and keep its net; or say which net counts."""
    if args.what == "show":
        return _show()
    if not args.file:
        print("jingwei: name the extract: jingwei roads import FILE.osm.pbf", file=sys.stderr)
        return 2
    if importlib.util.find_spec("osmium") is None or importlib.util.find_spec("scipy") is None:
        print("jingwei: reading extracts needs the extra `roads`", file=sys.stderr)
        return 2
    from jingwei.engines.roads.osm import BadExtract, read_extract

    path = Path(args.file)
    if not path.is_file():
        print(f"jingwei: {path}: no such file", file=sys.stderr)
        return 2
    try:
        net = read_extract(path, lambda step, count: print(f"  {step}: {count}", flush=True))
    except BadExtract as error:
        print(f"jingwei: {path}: {error}", file=sys.stderr)
        return 2
    moment = this_moment()
    by = agencies.get_operator(args.operator, at=moment.at)
    actions.load_roads(net.to_bytes(), file=path.name, by=by, moment=moment)
    return _show()


def _show() -> int:
    found = queries.find_net()
    if found is None:
        print("no road net; travel times are straight distance times a factor")
        return 0
    west, south, east, north = found.box
    print(
        f"{found.file}: {found.crossings} crossings, {found.stretches} stretches, "
        f"{west:.3f} to {east:.3f} E, {south:.3f} to {north:.3f} N. Data: OpenStreetMap, ODbL 1.0"
    )
    return 0


VERBS = {"roads": roads}
