"""Every page of the node, as a crawl by the operator and the chief of the shift finds it."""

from typing import Any

#: Where a crawl begins; pages that only a form or a key leads to are named.
BEGIN = (
    "/",
    "/incidents?view=all",
    "/reports",
    "/reports?view=quarantined",
    "/reports?view=waiting",
    "/phone",
    "/switch",
    "/account",
    "/public",
    "/report",
    "/replay",
    "/search?q=郑州",
    "/search",
    "/keys",
)
_HREFS = "all => all.map(a => new URL(a.getAttribute('href'), location).href)"
#: What a link may lead to that is no page.
NO_PAGES = (".atom", ".csv", ".ics", ".json", ".geojson", ".xlsx", "/photo")
#: Most pages of one kind that a crawl opens.
MOST_OF_A_KIND = 3


def kind_of(path: str) -> str:
    """The address without ids: pages of one kind are made by one template."""
    parts = ["*" if len(p) == 36 or p.isdigit() else p for p in path.split("?")[0].split("/")]
    if parts[1] == "rules":  # a row of a table, by its name
        parts[3:] = ["*"]
    if parts[1] in ("registers", "places"):  # a register, or a division by its code
        parts[2:3] = ["*"] * len(parts[2:3])
    if parts[1] == "map":  # its links only move it
        return "/map"
    query = path.partition("?")[2].split("&")[0] if "view=" in path or "mark=" in path else ""
    return "/".join(parts) + query


def crawl(page: Any, url: str, begin: tuple[str, ...] = BEGIN) -> list[str]:
    """Addresses reached by links, at most so many of a kind, in order of finding."""
    seen: dict[str, int] = {}
    found: list[str] = []
    waiting = list(begin)
    while waiting:
        path = waiting.pop(0)
        if path in found or seen.get(kind_of(path), 0) >= MOST_OF_A_KIND:
            continue
        seen[kind_of(path)] = seen.get(kind_of(path), 0) + 1
        answer = page.goto(url + path)
        assert answer.status == 200, f"{path}: {answer.status}"
        found.append(path)
        hrefs = page.eval_on_selector_all("a[href^='/'], a[href^='?']", _HREFS)
        own = [h.removeprefix(url) for h in hrefs if h.startswith(url) and "#" not in h]
        waiting += [h for h in own if not h.split("?")[0].endswith(NO_PAGES)]
    return found
