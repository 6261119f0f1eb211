"""What OGC API - Features has beside what is claimed here: named, and answered with 501.

A parameter or address of a part that is not claimed is no slip of the caller's: 501 says which part it is of.
What no part knows stays 400 or 404. Sources: OGC 17-069r4 (Part 1), 18-058r1 (Part 2), 19-079r2 (Part 3),
21-065r2 (CQL2), 20-002r1 (Part 4), 23-058r2 (Part 5).
"""

from collections.abc import Mapping

import msgspec

SPEC = "http://www.opengis.net/spec"


class Unclaimed(msgspec.Struct, frozen=True):
    """A conformance class that is not claimed, and in which document it stands."""

    conformance: str
    document: str


HTML = Unclaimed(f"{SPEC}/ogcapi-features-1/1.0/conf/html", "OGC 17-069r4, Part 1: HTML")
GML = Unclaimed(f"{SPEC}/ogcapi-features-1/1.0/conf/gmlsf0", "OGC 17-069r4, Part 1: GML")
CRS = Unclaimed(
    f"{SPEC}/ogcapi-features-2/1.0/conf/crs",
    "OGC 18-058r1, Part 2: Coordinate Reference Systems by Reference",
)
FILTER = Unclaimed(f"{SPEC}/ogcapi-features-3/1.0/conf/features-filter", "OGC 19-079r2, Part 3: Filtering")
QUERYABLES = Unclaimed(f"{SPEC}/ogcapi-features-3/1.0/conf/queryables", "OGC 19-079r2, Part 3: Filtering")
FUNCTIONS = Unclaimed(f"{SPEC}/cql2/1.0/conf/functions", "OGC 21-065r2, CQL2: functions")
WRITING = Unclaimed(
    f"{SPEC}/ogcapi-features-4/1.0/conf/create-replace-delete",
    "OGC 20-002r1, Part 4: Create, Replace, Update and Delete",
)
UPDATE = Unclaimed(f"{SPEC}/ogcapi-features-4/1.0/conf/update", WRITING.document)
SCHEMAS = Unclaimed(f"{SPEC}/ogcapi-features-5/1.0/conf/schemas", "OGC 23-058r2, Part 5: Schemas")
PROFILES = Unclaimed(f"{SPEC}/ogcapi-features-5/1.0/conf/profile-parameter", SCHEMAS.document)

#: Parameters by the view that would take them.
PARAMETERS: dict[str, dict[str, Unclaimed]] = {
    "items": {
        "crs": CRS, "bbox-crs": CRS, "filter": FILTER, "filter-lang": FILTER, "filter-crs": FILTER,
        "profile": PROFILES,
    },
    "item": {"crs": CRS, "profile": PROFILES},
}  # fmt: skip
#: Methods by the view that would take them; OPTIONS tells a writing program what it may do.
METHODS: dict[str, dict[str, Unclaimed]] = {
    "items": {"POST": WRITING, "OPTIONS": WRITING},
    "item": {"PUT": WRITING, "DELETE": WRITING, "OPTIONS": WRITING, "PATCH": UPDATE},
}
#: Addresses below the service that a part adds, as routes.
ADDRESSES: dict[str, Unclaimed] = {
    "functions": FUNCTIONS,
    "collections/<slug:code>/queryables": QUERYABLES,
    "collections/<slug:code>/schema": SCHEMAS,
}
#: Encodings by what a program may ask for, in its header or by `f`, as the standard's examples have it.
MEDIA: dict[str, Unclaimed] = {"text/html": HTML, "application/xhtml+xml": HTML, "application/gml+xml": GML}
ENCODINGS: dict[str, Unclaimed] = {"html": HTML, "gml": GML}
#: Headers that leave us one of our own encodings.
_OURS = (
    "*/*", "application/*", "application/json", "application/geo+json", "application/vnd.oai.openapi+json",
)  # fmt: skip


def find_lacking(view: str, method: str, given: Mapping[str, str], accept: str) -> Unclaimed | None:
    """What of the standard this request asks for that is not claimed; None: nothing."""
    found = METHODS.get(view, {}).get(method)
    if found is None and method in ("GET", "HEAD"):
        known = PARAMETERS.get(view, {})
        found = next((known[name] for name in given if name in known), None)
        found = found or ENCODINGS.get(given.get("f", "")) or _encoding(accept)
    return found


def _encoding(accept: str) -> Unclaimed | None:
    """The encoding that is asked for and not had, where none that is had would do."""
    wanted = [part.split(";")[0].strip().lower() for part in accept.split(",")]
    if any(one in _OURS for one in wanted):
        return None
    return next((MEDIA[one] for one in wanted if one in MEDIA), None)
