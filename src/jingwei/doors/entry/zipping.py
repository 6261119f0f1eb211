"""Answers packed with gzip for who takes it: a page over a slow line comes at a quarter of its size.

Secrets in a page that is packed could be guessed by its length; so the token against forgery is masked anew
in every answer, and Django adds random bytes to the packing (up to 100).
"""

import re

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

#: What gains by packing. Photos and sheets are packed already.
_GAINS = re.compile(r"text/|application/(?:[\w.+-]*json|javascript|xml|[\w.+-]*\+xml)|image/svg")


class Zipped(GZipMiddleware):
    """Only what gains by it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not _GAINS.match(response.headers.get("Content-Type", "")):
            return response
        return super().process_response(request, response)
