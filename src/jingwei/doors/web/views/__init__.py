"""One module a page. A view reads the request, calls one action or a few queries, catches Refused, renders."""
