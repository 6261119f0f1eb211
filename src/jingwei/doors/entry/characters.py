"""Characters no database takes, in an address: a path with one is no page; in a question they are replaced.

What people write in forms is not touched here: intake keeps it, escaped and flagged.
"""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

#: PostgreSQL takes no NUL in a text. Source: PostgreSQL 15 documentation, section 8.3, "Character Types".
NUL = "\x00"
#: What stands in its place. Source: The Unicode Standard 15, section 23.8, replacement character.
REPLACED = "\ufffd"


class AddressCharacters:
    """Middleware: no query is asked with a character that would fail in the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(NUL in one for key, values in request.GET.lists() for one in (key, *values)):
            request.GET = _cleaned(request.GET)  # type: ignore[assignment]  # made immutable there
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Raises `Http404` where the path itself holds one."""
        if NUL in request.path_info:
            raise Http404


def _cleaned(asked: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True)
    for key, values in asked.lists():
        clean.setlist(key.replace(NUL, REPLACED), [one.replace(NUL, REPLACED) for one in values])
    clean._mutable = False
    return clean
