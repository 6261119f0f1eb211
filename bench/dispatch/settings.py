"""What the made-up city and its disaster are drawn from, and which seeds may be looked at.

Every figure is assumed unless a source is named; none is taken from a place.
"""

from dataclasses import dataclass

#: Seeds one may look at, tune on and learn from.
DEVELOPMENT_SEEDS = tuple(range(10))
#: Seeds of the figures that are quoted. Nothing is tuned on them; none is a development seed.
EVALUATION_SEEDS = (7101, 7103, 7109, 7121, 7127, 7129, 7151, 7159, 7177, 7187)

HOUR_S = 3600.0
#: How often a policy is asked; what it sends leaves at that moment.
STEP_S = 300.0

TIERS = ("own", "agreement", "paired", "higher")
#: What a load from each tier costs beside its travel, in minutes of travel.
TIER_COST = {"own": 0.0, "agreement": 15.0, "paired": 30.0, "higher": 45.0}
QUALIFICATIONS = ("high_water", "cold_chain", "hazmat")


@dataclass(frozen=True)
class Setting:
    """A distribution of cities and disasters. Quantities are in loads; a vehicle takes one."""

    needs: int = 2000
    needs_vary: float = 0.1  # the number is drawn from needs x (1 -/+ this)
    sources: int = 500
    places: int = 300
    items: int = 10
    side_km: float = 60.0
    districts_a_side: int = 4
    window_h: float = 6.0
    #: Free stock over the *expected* demand: what is really asked varies about it, and no table tells.
    stock_over_demand: float = 0.85
    floor_share: float = 0.1
    #: (weight of a load unmet, share of needs away from hot spots, share in them, minutes to the deadline)
    priorities: tuple[tuple[float, float, float, float], ...] = (
        (8.0, 0.10, 0.25, 90.0),
        (3.0, 0.30, 0.40, 120.0),
        (1.0, 0.60, 0.35, 180.0),
    )
    hot_spots: tuple[int, int] = (2, 5)
    hot_share: float = 0.6
    hot_radius_km: tuple[float, float] = (3.0, 6.0)
    hot_starts_h: tuple[float, float] = (0.0, 4.5)
    hot_lasts_h: tuple[float, float] = (1.0, 2.5)
    quantity_mean: float = 5.0
    quantity_most: int = 20
    #: Share of the needs that only a qualified crew may serve.
    qualified_share: float = 0.15
    #: Share of the sources whose crews hold each qualification, in the order of QUALIFICATIONS.
    qualified_sources: tuple[float, float, float] = (0.35, 0.25, 0.15)
    capacity_per_h: tuple[int, int] = (4, 12)
    items_held: tuple[int, int] = (2, 6)
    speed_km_h: float = 45.0
    handling_s: float = 600.0
    cut_off: float = 0.02  # share of the ways source - place that are closed
    #: Shares of the sources: own, agreement, paired, higher; the rest is a neighbour without an agreement.
    tier_shares: tuple[float, float, float, float] = (0.70, 0.13, 0.05, 0.07)

    def scaled(self, scale: float) -> "Setting":
        """The same city, smaller and as dense: fewer needs, sources and places on less ground."""
        from dataclasses import replace

        if scale == 1.0:
            return self
        fewer = {name: max(4, round(getattr(self, name) * scale)) for name in ("needs", "sources", "places")}
        return replace(self, side_km=self.side_km * scale**0.5, **fewer)


SAME = Setting()
#: Another disaster than the one that was learnt from: more and sharper hot spots, later, shorter deadlines.
SHIFTED = Setting(
    hot_spots=(4, 8), hot_share=0.75, hot_radius_km=(2.0, 4.0), hot_starts_h=(1.0, 5.0),
    stock_over_demand=0.8,
    priorities=((8.0, 0.10, 0.30, 75.0), (3.0, 0.30, 0.40, 105.0), (1.0, 0.60, 0.30, 150.0)),
)  # fmt: skip
REGIMES = {"same": SAME, "shifted": SHIFTED}
