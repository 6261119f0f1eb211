"""Language and light, kept in cookies; and the keys one can press."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from jingwei.doors.web.door import onward
from jingwei.doors.web.page import THEME_COOKIE, THEMES

#: A year: the choice is the person's, not the session's. Source: our estimate, 2026-11-22.
KEPT_S = 365 * 24 * 3600


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    response = onward(request)
    language, theme = request.POST.get("language"), request.POST.get("theme")
    kept = {"max_age": KEPT_S, "samesite": "Lax", "httponly": True, "secure": settings.HTTPS}
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, **kept)
    if theme in THEMES:
        # pressing what is chosen already goes back to what the machine itself prefers
        again = request.COOKIES.get(THEME_COOKIE) == theme
        response.set_cookie(THEME_COOKIE, "auto" if again else theme, **kept)
    return response


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    return render(request, "web/keys.html")
