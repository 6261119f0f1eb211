"""A page asks the database as often for many rows as for few, whatever their kinds, places and people."""


import pytest

pytestmark = pytest.mark.django_db

FEW, MANY = 4, 20
LISTS = (
    "/", "/incidents", "/incidents?view=all&q=事", "/incidents?view=waiting", "/reports",
    "/reports?view=waiting", "/reports?view=quarantined", "/reports?view=noplace", "/reports?q=水", "/tasks",
    "/tasks?view=all", "/clocks", "/clocks?view=late", "/clocks?view=met", "/clocks?view=person", "/sitreps",
    "/releases", "/plans", "/search?q=水",
)  # fmt: skip
