"""One module a page: read the request, call one action or a few queries, catch Refused, render."""
