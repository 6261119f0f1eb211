"""Where people can go, be treated, and where supplies are kept."""

from jingwei.apps.registers.facts import LAT, LON, NAME, OWNER, PLACE, Column, Register
from jingwei.apps.registers.queries import list_choices

from ..models import Hospital, Shelter, Store
from .columns import ADDRESS, KEEPERS, OWNERS, PHONE, count, kind, person, state


def area(name: str, zh: str, en: str, *headings: str) -> Column:
    return Column(
        name=name, zh=zh, en=en, kind="number", unit_zh="平方米", unit_en="m²", least=0, most=10_000_000,
        headings=headings,
    )  # fmt: skip


LEVEL = Column(
    name="level", zh="级别", en="Level", kind="choice", filtered=True, choices=list_choices("level")
)

SHELTERS = Register(
    code="shelters",
    zh="应急避难场所",
    en="Emergency shelters",
    model=Shelter,
    columns=(
        NAME,
        kind("场所类型", "Kind of shelter", "shelter_kind"),
        PLACE,
        OWNER,
        count("capacity", "可容纳人数", "Room for", "人", "people", "容纳人数", "容量"),
        area("area_m2", "有效避难面积", "Area for shelter", "面积", "避难面积"),
        state("状态", "State", "shelter_state"),
        LEVEL,
        Column(
            name="space", zh="空间类型", en="Indoor or outdoor", kind="choice", filtered=True,
            choices=list_choices("shelter_space"),
        ),
        Column(name="accessible", zh="无障碍", en="Step-free", kind="flag", filtered=True),
        ADDRESS,
        person("keeper", "管理人", "Keeper"),
        PHONE,
        LON,
        LAT,
    ),
    duplicate=("place", "name"),
    keepers=KEEPERS,
    owners=OWNERS,
    symbol_zh="避",
    symbol_en="S",
    fresh_days=365,
    fresh_source="our estimate, shelters are inspected at least once a year, 2026-11-29",
    note_zh="灾害时供群众避险和临时安置的场所。",
    note_en="Where people can go when a disaster comes, for hours or for weeks.",
)  # fmt: skip

STORES = Register(
    code="stores",
    zh="应急物资储备库",
    en="Emergency supply stores",
    model=Store,
    columns=(
        NAME,
        PLACE,
        OWNER,
        Column(
            name="kind", zh="主要物资类别", en="Main class of supplies", kind="choice", required=True,
            listed=True, filtered=True, choices=list_choices("supply_class"), headings=("类别", "物资类别"),
        ),
        LEVEL,
        area("area_m2", "库房面积", "Floor area", "面积", "建筑面积"),
        Column(
            name="holds", zh="主要储备物资", en="Holds", longest=1000, searched=True, listed=True,
            headings=("储备物资", "物资"),
        ),
        Column(
            name="load_h", zh="最短出库时间", en="Ready to load within", kind="number", unit_zh="小时",
            unit_en="h", least=0, most=720, headings=("出库时间",),
        ),
        ADDRESS,
        person("keeper", "管理人", "Keeper"),
        PHONE,
        LON,
        LAT,
    ),
    duplicate=("place", "name"),
    keepers=KEEPERS,
    owners=OWNERS,
    symbol_zh="库",
    symbol_en="W",
    fresh_days=90,
    fresh_source="our estimate, stock is counted each quarter, 2026-11-29",
    note_zh="应急物资储备库点：在哪里、存什么、多久能出库。",
    note_en="Where emergency supplies are kept, which ones, and how soon they can leave.",
)  # fmt: skip

HOSPITALS = Register(
    code="hospitals",
    zh="医疗卫生机构",
    en="Hospitals and health bodies",
    model=Hospital,
    columns=(
        NAME,
        kind("机构类别", "Kind of body", "hospital_kind"),
        PLACE,
        OWNER,
        count("beds", "床位数", "Beds", "张", "beds", "床位", "编制床位"),
        count("icu_beds", "重症床位数", "Intensive care beds", "张", "beds", "ICU床位", "重症床位"),
        count("ambulances", "救护车数", "Ambulances", "辆", "vehicles", "救护车"),
        Column(
            name="helipad", zh="直升机起降点", en="Helicopter landing", kind="flag", filtered=True,
            headings=("停机坪",),
        ),
        ADDRESS,
        Column(
            name="duty_phone", zh="值班电话", en="Duty telephone", kind="phone", longest=60,
            headings=("电话", "24小时值班电话"),
        ),
        LON,
        LAT,
    ),
    duplicate=("place", "name"),
    keepers=KEEPERS,
    owners=OWNERS,
    symbol_zh="医",
    symbol_en="H",
    fresh_days=180,
    fresh_source="our estimate, beds are counted anew twice a year, 2026-11-29",
    note_zh="医院、急救中心和疾病预防控制机构。",
    note_en="Hospitals, ambulance centers and bodies of disease control.",
)  # fmt: skip
