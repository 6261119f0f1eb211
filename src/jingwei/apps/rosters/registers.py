"""Organizations, posts, and who holds them: registers whose rows agencies keeps. Rights are asked there."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils.timezone import get_current_timezone
from msgspec import structs

from jingwei.apps.agencies import actions as agencies
from jingwei.apps.agencies.facts import (
    AgenciesLoaded,
    NodeFounded,
    OrganizationAdded,
    OrganizationRow,
    OrganizationsLinked,
    PersonRow,
    PostAdded,
    PostAssigned,
    PostReleased,
    PostRow,
)
from jingwei.apps.agencies.queries import (
    find_held,
    find_person_of,
    list_holding_rows,
    list_organization_rows,
    list_post_rows,
    require,
)
from jingwei.apps.registers.facts import NAME, OWNER, PLACE, Cell, Choice, Column, Kept, Register
from jingwei.kernel.moments import By, Moment
from jingwei.kernel.refusals import Refused

#: Facts after which all these rows may be others.
LOADED = (NodeFounded, AgenciesLoaded)
#: Who may look at what is masked in their place.
KEEPERS = frozenset({"duty_officer", "duty_chief", "operator"})
LINES = {
    "territory": ("属地上级", "Upper by territory"),
    "profession": ("业务上级", "Upper by profession"),
    "party": ("党委上级", "Upper in the Party"),
    "standing": ("常设指挥机构", "Standing command body"),
}
KINDS = (
    Choice("government", "政府", "Government"),
    Choice("department", "部门", "Department"),
    Choice("party", "党委", "Party committee"),
    Choice("command", "指挥机构", "Command body"),
    Choice("institution", "事业单位", "Institution"),
    Choice("enterprise", "企业", "Enterprise"),
    Choice("social", "社会组织", "Social organization"),
    Choice("grassroots", "基层组织", "Grassroots organization"),
)
ROLES = (
    Choice("commander", "指挥长", "Commander"),
    Choice("duty_chief", "带班领导", "Duty chief"),
    Choice("duty_officer", "值班员", "Duty officer"),
    Choice("field_reporter", "现场信息员", "Field reporter"),
    Choice("media_monitor", "舆情监测员", "Media monitor"),
    Choice("weather_officer", "气象联络员", "Weather officer"),
    Choice("operator", "系统管理员", "Operator"),
    Choice("viewer", "查阅", "Viewer"),
    Choice("auditor", "审计查阅", "Auditor"),
    Choice("program_intake", "接报程序", "Program: intake"),
    Choice("program_calls", "叫应程序", "Program: calls"),
    Choice("program_registers", "名录程序", "Program: registers"),
)
CODE = Column(
    name="code",
    zh="代码",
    en="Code",
    required=True,
    longest=64,
    listed=True,
    searched=True,
    headings=("编码",),
)
NAME_EN = Column(name="name_en", zh="英文名称", en="Name in English", searched=True)


def _add_organization(values: Mapping[str, Cell], *, by: By, moment: Moment) -> uuid.UUID:
    links = tuple((line, str(values[line])) for line in LINES if values.get(line))
    row = OrganizationRow(
        **_texts(values, "code", "name_zh", "kind", "place"), name_en=_english(values), links=links
    )
    return agencies.add_organization(row, by=by, moment=moment)


def _add_post(values: Mapping[str, Cell], *, by: By, moment: Moment) -> uuid.UUID:
    texts = _texts(values, "code", "name_zh", "role", "place", "hazard")
    row = PostRow(**texts, name_en=_english(values), organization=str(values.get("owner") or ""))
    return agencies.add_post(row, by=by, moment=moment)


def _appoint(values: Mapping[str, Cell], *, by: By, moment: Moment) -> uuid.UUID:
    """Let somebody hold a post: who is known by an account, or a person new to the node, without one."""
    require(by, "agencies.enroll_person", at=moment.at)
    from_at, until_at = _at(values.get("from_on")), _at(values.get("until_on"))
    post, account = str(values.get("post_code") or ""), str(values.get("account") or "")
    if not account:
        row = PersonRow(
            **_texts(values, "name_zh", "kind", "phone"), name_en=_english(values), posts=(post,),
            from_at=from_at, until_at=until_at,
        )  # fmt: skip
        person = agencies.enroll_person(row, by=by, moment=moment)
        found: uuid.UUID = list_holding_rows().values_list("pk", flat=True).get(person_id=person)
        return found
    known = find_person_of(account)
    if known is None:
        raise Refused("unknown_user")
    return agencies.assign_post(known, post, from_at=from_at, until_at=until_at, by=by, moment=moment)


def _release(row_id: uuid.UUID, *, by: By, moment: Moment) -> None:
    agencies.release_post(row_id, by=by, moment=moment)


def _appoint_again(row_id: uuid.UUID, *, by: By, moment: Moment) -> uuid.UUID:
    """Let who was released hold the post anew, from now on and until further notice: a holding of its own."""
    person, post = find_held(row_id)
    return agencies.assign_post(person, post, by=by, moment=moment)


def _texts(values: Mapping[str, Cell], *names: str) -> dict[str, Any]:
    return {name: str(values.get("name" if name == "name_zh" else name) or "") for name in names}


def _english(values: Mapping[str, Cell]) -> str:
    return str(values.get("name_en") or values.get("name") or "")[:100]


def _at(day: Cell) -> datetime | None:
    """The first moment of a day, as the node counts days."""
    return datetime.combine(day, time(), get_current_timezone()) if isinstance(day, date) else None


ORGANIZATIONS = Register(
    code="organizations",
    zh="机构",
    en="Organizations",
    kept=Kept(
        rows=list_organization_rows,
        add=_add_organization,
        add_right="agencies.add_organization",
        said=((OrganizationAdded, "added"), (OrganizationsLinked, "changed")),
        loaded=LOADED,
        stays_zh="机构登记后不撤销：以往的命令和报告都指向它。登记有误或机构撤并的，另登记正确的机构，"
        "并免去原机构各岗位的任职人员。",
        stays_en="An organization that was entered stays: orders and reports of the past point to it. Where "
        "it was wrong or is gone, enter the right one, and release who holds the posts of this one.",
        counter=("posts", "code"),
    ),
    columns=(
        NAME,
        Column(
            name="kind",
            zh="机构类别",
            en="Kind",
            kind="choice",
            required=True,
            listed=True,
            filtered=True,
            choices=KINDS,
            headings=("类别", "类型"),
        ),
        PLACE,
        CODE,
        NAME_EN,
        *(
            Column(name=name, zh=zh, en=en, kind="organization", longest=64, listed=name == "territory")
            for name, (zh, en) in LINES.items()
        ),
    ),
    duplicate=("code",),
    symbol_zh="机",
    symbol_en="O",
    keepers=KEEPERS,
    note_zh="党委、政府、部门、指挥机构和社会力量，以及各自对谁负责。",
    note_en="Party, government, departments, command bodies and society, and to whom each answers.",
)

POSTS = Register(
    code="posts",
    zh="岗位",
    en="Posts",
    kept=Kept(
        rows=list_post_rows,
        add=_add_post,
        add_right="agencies.add_post",
        said=((PostAdded, "added"),),
        loaded=LOADED,
        stays_zh="岗位设置后不撤销：以往的决定都由它作出。不再需要的岗位，免去任职人员即失效：权限随任职而止。",
        stays_en="A post that was set up stays: decisions of the past were made by it. One that is no longer "
        "needed is void once who holds it is released: rights end with the holding.",
        counter=("holdings", "code"),
    ),
    columns=(
        NAME,
        Column(
            name="owner",
            zh="机构",
            en="Organization",
            kind="organization",
            required=True,
            longest=64,
            listed=True,
            headings=("所属机构", "单位"),
        ),
        PLACE,
        Column(
            name="role",
            zh="岗位角色",
            en="Role",
            kind="choice",
            required=True,
            listed=True,
            filtered=True,
            choices=ROLES,
            headings=("角色",),
        ),
        CODE,
        NAME_EN,
        Column(name="hazard", zh="限于事件种类", en="Only for kind of event", longest=5),
    ),
    duplicate=("code",),
    symbol_zh="岗",
    symbol_en="J",
    keepers=KEEPERS,
    note_zh="权限随岗位：岗位的角色、区域和事件种类。谁也不能设置超出自己权限的岗位。",
    note_en="Rights go with the post: its role, place, kind of event. Nobody sets up one beyond their own.",
)

HOLDINGS = Register(
    code="holdings",
    zh="任职人员",
    en="People in posts",
    kept=Kept(
        rows=list_holding_rows,
        add=_appoint,
        add_right="agencies.enroll_person",
        strike=_release,
        strike_right="agencies.release_post",
        restore=_appoint_again,
        restore_right="agencies.assign_post",
        loaded=LOADED,
        said=((PostAssigned, "added"), (PostReleased, "struck")),
    ),
    columns=(
        Column(name="name", zh="姓名", en="Name", required=True, longest=50, listed=True, searched=True),
        Column(
            name="post_code",
            zh="岗位代码",
            en="Code of the post",
            required=True,
            longest=64,
            searched=True,
            headings=("岗位",),
        ),
        Column(name="post_name", zh="岗位名称", en="Post", listed=True, searched=True, derived=True),
        Column(
            name="role",
            zh="岗位角色",
            en="Role",
            kind="choice",
            listed=True,
            filtered=True,
            choices=ROLES,
            derived=True,
        ),
        structs.replace(PLACE, derived=True),
        structs.replace(OWNER, zh="机构", en="Organization", derived=True, listed=True),
        Column(
            name="kind",
            zh="是人或程序",
            en="Person or program",
            kind="choice",
            required=True,
            filtered=True,
            choices=(Choice("human", "人员", "Person"), Choice("program", "程序", "Program")),
        ),
        Column(
            name="phone",
            zh="联系电话",
            en="Telephone",
            kind="phone",
            longest=30,
            mask="phone",
            headings=("电话", "手机", "联系方式"),
        ),
        Column(name="account", zh="登录名", en="Signs in as", longest=32, mask="all"),
        Column(name="from_on", zh="任职起", en="From", kind="date", listed=True),
        Column(name="until_on", zh="任职止", en="Until", kind="date"),
        NAME_EN,
    ),
    duplicate=("post_code", "name"),
    symbol_zh="任",
    symbol_en="N",
    keepers=KEEPERS,
    note_zh="谁从何时起担任哪个岗位。划去即免职；登录和口令不在这里给。",
    note_en="Who holds which post since when. To strike a row is to release; no account is given here.",
)

REGISTERS = (ORGANIZATIONS, POSTS, HOLDINGS)
