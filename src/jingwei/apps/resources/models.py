"""Who and what can be sent, and where people can go: each a register, see registers.py."""

from typing import ClassVar

from django.db import models

from jingwei.apps.registers.models import PlacedRow, RegisterRow


class Team(PlacedRow):
    """A rescue team: professional, grassroots, of an enterprise or of society."""

    kind = models.CharField(max_length=20)
    members = models.PositiveIntegerField(null=True)
    leader = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, blank=True)
    able_to = models.CharField(max_length=500, blank=True)
    address = models.CharField(max_length=200, blank=True)

    DIGESTED: ClassVar = {
        1: (*PlacedRow.KEPT, "kind", "members", "leader", "phone", "state", "able_to", "address")
    }


class Shelter(PlacedRow):
    """A place where people find shelter in an emergency."""

    kind = models.CharField(max_length=10)
    space = models.CharField(max_length=10, blank=True)
    level = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, blank=True)
    area_m2 = models.FloatField(null=True)
    capacity = models.PositiveIntegerField(null=True)
    accessible = models.BooleanField(null=True)
    address = models.CharField(max_length=200, blank=True)
    keeper = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=60, blank=True)

    DIGESTED: ClassVar = {
        1: (
            *PlacedRow.KEPT, "kind", "space", "level", "state", "area_m2", "capacity", "accessible",
            "address", "keeper", "phone",
        )
    }  # fmt: skip


class Vehicle(RegisterRow):
    """A vehicle, boat, drone or machine that can be sent; several where they are alike."""

    kind = models.CharField(max_length=20)
    plate = models.CharField(max_length=20, blank=True)
    number = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, blank=True)
    able_to = models.CharField(max_length=500, blank=True)
    address = models.CharField(max_length=200, blank=True)
    keeper = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=60, blank=True)

    DIGESTED: ClassVar = {
        1: (
            *RegisterRow.KEPT, "kind", "plate", "number", "state", "able_to", "address", "keeper", "phone",
        )
    }  # fmt: skip


class Store(PlacedRow):
    """A store of emergency supplies: what it holds by main classes, and how soon that can leave."""

    kind = models.CharField(max_length=10)
    level = models.CharField(max_length=12, blank=True)
    area_m2 = models.FloatField(null=True)
    holds = models.CharField(max_length=1000, blank=True)
    load_h = models.FloatField(null=True)
    address = models.CharField(max_length=200, blank=True)
    keeper = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=60, blank=True)

    DIGESTED: ClassVar = {
        1: (*PlacedRow.KEPT, "kind", "level", "area_m2", "holds", "load_h", "address", "keeper", "phone")
    }


class Hospital(PlacedRow):
    """A hospital, ambulance center or body of disease control."""

    kind = models.CharField(max_length=10)
    beds = models.PositiveIntegerField(null=True)
    icu_beds = models.PositiveIntegerField(null=True)
    ambulances = models.PositiveIntegerField(null=True)
    helipad = models.BooleanField(null=True)
    address = models.CharField(max_length=200, blank=True)
    duty_phone = models.CharField(max_length=60, blank=True)

    DIGESTED: ClassVar = {
        1: (
            *PlacedRow.KEPT, "kind", "beds", "icu_beds", "ambulances", "helipad", "address", "duty_phone",
        )
    }  # fmt: skip


class Expert(RegisterRow):
    """A person who can be asked to judge and advise. The name is public, the telephone is not."""

    kind = models.CharField(max_length=10)
    employer = models.CharField(max_length=200, blank=True)
    specialty = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=60, blank=True)

    DIGESTED: ClassVar = {1: (*RegisterRow.KEPT, "kind", "employer", "specialty", "title", "phone")}


class Contact(RegisterRow):
    """A body or post to be called: by whom, in which order, for what."""

    step = models.PositiveIntegerField(null=True)
    called_by = models.CharField(max_length=200, blank=True)
    for_what = models.CharField(max_length=20, blank=True)
    person = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    phone_2 = models.CharField(max_length=60, blank=True)

    DIGESTED: ClassVar = {
        1: (*RegisterRow.KEPT, "step", "called_by", "for_what", "person", "phone", "phone_2")
    }


class Producer(PlacedRow):
    """A company that makes what an emergency needs: what, how much a day, and whether it has promised.

    `supply`: the one of the stock's list that `per_day`, `lead_h` and `unit_price` (yuan) speak of.
    """

    kind = models.CharField(max_length=10)
    makes = models.CharField(max_length=500, blank=True)
    daily_output = models.CharField(max_length=200, blank=True)
    promised = models.BooleanField(null=True)
    address = models.CharField(max_length=200, blank=True)
    keeper = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    supply = models.CharField(max_length=100, blank=True)
    per_day = models.PositiveIntegerField(null=True)
    lead_h = models.FloatField(null=True)
    unit_price = models.FloatField(null=True)

    DIGESTED: ClassVar = {
        1: (
            *PlacedRow.KEPT, "kind", "makes", "daily_output", "promised", "address", "keeper", "phone",
        ),
        2: (
            *PlacedRow.KEPT, "kind", "makes", "daily_output", "promised", "address", "keeper", "phone",
            "supply", "per_day", "lead_h", "unit_price",
        ),
    }  # fmt: skip


class Agreement(RegisterRow):
    """An agreement on help: with whom, about what, and until when it holds."""

    kind = models.CharField(max_length=10)
    other_party = models.CharField(max_length=200)
    covers = models.CharField(max_length=1000, blank=True)
    signed_on = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    keeper = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=60, blank=True)

    DIGESTED: ClassVar = {
        1: (
            *RegisterRow.KEPT, "kind", "other_party", "covers", "signed_on", "valid_from", "valid_to",
            "keeper", "phone",
        )
    }  # fmt: skip


class Grid(PlacedRow):
    """A grid of grass-roots management: what it covers, and who keeps it."""

    kind = models.CharField(max_length=10)
    number = models.CharField(max_length=40, blank=True)
    covers = models.CharField(max_length=500, blank=True)
    households = models.PositiveIntegerField(null=True)
    inhabitants = models.PositiveIntegerField(null=True)
    in_need = models.PositiveIntegerField(null=True)
    keeper = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    deputy = models.CharField(max_length=50, blank=True)
    deputy_phone = models.CharField(max_length=60, blank=True)

    DIGESTED: ClassVar = {
        1: (
            *PlacedRow.KEPT, "kind", "number", "covers", "households", "inhabitants", "in_need", "keeper",
            "phone", "deputy", "deputy_phone",
        )
    }  # fmt: skip


class Informant(RegisterRow):
    """A disaster information officer: reports from a place, and is trained for it."""

    kind = models.CharField(max_length=10)
    employer = models.CharField(max_length=200, blank=True)
    covers = models.CharField(max_length=200, blank=True)
    trained_on = models.DateField(null=True)
    train_by = models.DateField(null=True)
    phone = models.CharField(max_length=60, blank=True)
    phone_2 = models.CharField(max_length=60, blank=True)

    DIGESTED: ClassVar = {
        1: (
            *RegisterRow.KEPT, "kind", "employer", "covers", "trained_on", "train_by", "phone", "phone_2",
        )
    }  # fmt: skip
