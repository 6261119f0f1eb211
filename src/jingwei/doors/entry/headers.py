"""What every answer tells the browser about what it may load, keep and send."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def policy(other: str = "") -> str:
    """What a page may load; `other`: one host more for pictures, the server of the map's tiles."""
    other = f" {other}" if other else ""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data:{other}",
            f"connect-src 'self'{other}",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )


HEADERS = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: One year, as browsers' preload lists ask. Source: RFC 6797 section 11.2 leaves it to the operator.
HSTS = "max-age=31536000; includeSubDomains"


def raw_headers(kind: str, size: int | None = None) -> list[tuple[bytes, bytes]]:
    """The same for the routes beside Django: what the answer is, never kept, and all of the above."""
    named = {**HEADERS, "Content-Type": kind, "Cache-Control": "no-store"}
    if size is not None:
        named["Content-Length"] = str(size)
    if settings.HTTPS:
        named["Strict-Transport-Security"] = HSTS
    return [(name.lower().encode(), value.encode()) for name, value in named.items()]


class SecurityHeaders:
    """Adds the headers to every answer; pages with data are never kept by a browser or a proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        if settings.HTTPS:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        return response
