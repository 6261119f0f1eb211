"""Vehicles, boats and machines that can be sent."""

from jingwei.apps.registers.facts import NAME, OWNER, PLACE, Column, Register

from ..models import Vehicle
from .columns import ADDRESS, KEEPERS, OWNERS, PHONE, count, kind, person, state

VEHICLES = Register(
    code="vehicles",
    zh="应急车辆装备",
    en="Vehicles and machines",
    model=Vehicle,
    columns=(
        NAME,
        kind("车辆类型", "Kind of vehicle", "vehicle_kind"),
        PLACE,
        OWNER,
        Column(
            name="plate", zh="号牌", en="Plate", longest=20, listed=True, searched=True,
            headings=("车牌", "车牌号", "编号"),
        ),
        count("number", "数量", "Number", "台", "pieces", "台数"),
        state("状态", "Readiness", "readiness"),
        Column(name="able_to", zh="主要性能", en="Able to", longest=500, searched=True, headings=("性能",)),
        ADDRESS,
        person("keeper", "管理人", "Keeper"),
        PHONE,
    ),
    duplicate=("place", "name", "plate"),
    keepers=KEEPERS,
    owners=OWNERS,
    symbol_zh="车",
    symbol_en="V",
    fresh_days=180,
    fresh_source="our estimate, vehicles are listed anew twice a year, 2026-11-29",
    note_zh="可调用的车辆、舟艇、无人机和工程机械。",
    note_en="Vehicles, boats, drones and machines that can be sent.",
)  # fmt: skip
