"""The places that `jingwei demo` can show: whose cast, case, country, clock and language."""

import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec


class DemoPlace(msgspec.Struct, frozen=True):
    """One place. `folder` under `data/demo` holds its cast and rows; `case` is what is replayed.

    `entered_at`: when its made-up rows were entered, before the days the case is about. `first`: the supply
    whose need is ordered first; `asker` asks others for help. `roads`: a net that ships. `compared`: whether
    the case is also computed as the rules say, which needs rules of its country.
    """

    name: str
    folder: str
    case: str
    of_zh: str
    of_en: str
    public_post: str
    chief: str
    first: str
    entered_at: datetime
    asker: str = ""
    country: str = "CN"
    time_zone: str = "Asia/Shanghai"
    language: str = ""
    roads: str = ""
    compared: bool = True

    @property
    def node(self) -> str:
        return f"{self.name}-demo"

    @property
    def in_chinese(self) -> bool:
        """Whether its made-up words are Chinese."""
        return self.language != "en"

    def set_environment(self, home: Path) -> None:
        """What the settings of this process and of those it starts read. Must come before Django starts."""
        database = f"sqlite:///{home.resolve() / 'demo.sqlite3'}"
        os.environ["JINGWEI_HOME"] = str(home.resolve())
        os.environ["JINGWEI_DATABASE"] = os.environ.get("JINGWEI_DEMO_DATABASE", database)
        os.environ["JINGWEI_NODE"] = self.node
        os.environ.setdefault("JINGWEI_PUBLIC_POST", self.public_post)
        self.set_country()

    def set_country(self) -> None:
        """Whose clock, language and rules hold; the first place has those of every node."""
        if self is not ZHENGZHOU:
            os.environ["JINGWEI_COUNTRY"] = self.country
            os.environ["JINGWEI_TIME_ZONE"] = self.time_zone
            os.environ["JINGWEI_LANGUAGE"] = self.language


ZHENGZHOU = DemoPlace(
    name="zhengzhou", folder="zhengzhou", case="zhengzhou-2021", of_zh="郑州，2021年7月",
    of_en="Zhengzhou, July 2021", public_post="4101-zbs-public", chief="4101-zbs-chief", first="D-WATER",
    asker="410105-zbs-leader",
    entered_at=datetime(2021, 7, 1, 1, 0, tzinfo=UTC),
)  # fmt: skip
PORTO_ALEGRE = DemoPlace(
    name="porto-alegre", folder="porto-alegre", case="porto-alegre-2024", of_zh="阿雷格里港，2024年5月",
    of_en="Porto Alegre, May 2024", public_post="4314-gov-public", chief="4314-gov-chief", first="D-FOOD",
    entered_at=datetime(2024, 4, 15, 12, 0, tzinfo=UTC), country="BR", time_zone="America/Sao_Paulo",
    language="en", roads="porto-alegre.npz", compared=False,
)  # fmt: skip
PLACES = {one.name: one for one in (ZHENGZHOU, PORTO_ALEGRE)}


def place_of_case(case: str) -> DemoPlace:
    """The place whose cast tells the case; a case of one's own is told by the first."""
    return next((one for one in PLACES.values() if one.case == case), ZHENGZHOU)
