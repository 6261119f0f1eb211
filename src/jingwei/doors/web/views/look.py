"""Language and light, kept in cookies; and the keys one can press."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from jingwei.doors.web.door import Asked, onward
from jingwei.doors.web.page import THEME_COOKIE, THEMES

#: A year: the choice is the person's, not the session's. Source: our estimate, 2026-11-22.
KEPT_S = 365 * 24 * 3600


@require_POST
def look(request: Asked) -> HttpResponse:
    response = onward(request)
    language, theme = request.POST.get("language"), request.POST.get("theme")

    def keep(name: str, value: str) -> None:
        response.set_cookie(name, value, max_age=KEPT_S, samesite="Lax", httponly=True, secure=settings.HTTPS)

    if language in dict(settings.LANGUAGES):
        keep(settings.LANGUAGE_COOKIE_NAME, str(language))
    if theme in THEMES:
        # pressing what is chosen already goes back to what the machine itself prefers
        again = request.COOKIES.get(THEME_COOKIE) == theme
        keep(THEME_COOKIE, "auto" if again else str(theme))
    return response


@require_safe
def keys(request: Asked) -> HttpResponse:
    return render(request, "web/keys.html")
