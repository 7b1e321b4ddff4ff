"""The demonstration's organisations: the real district's tree, with numbered committees and operators."""

from collections.abc import Iterator

from sqlalchemy import insert
from sqlalchemy.orm import Session

from engine.words import Text
from housing.org import ROOT, OrgUnit

SUBDISTRICTS: tuple[tuple[str, Text], ...] = (
    ("daning_road", Text("大宁路街道", "Daning Road Sub-district")),
    ("jiangning_road", Text("江宁路街道", "Jiangning Road Sub-district")),
    ("jingan_temple", Text("静安寺街道", "Jing'an Temple Sub-district")),
    ("caojiadu", Text("曹家渡街道", "Caojiadu Sub-district")),
    ("shimen_second_road", Text("石门二路街道", "Shimen Road Number Two Sub-district")),
    ("west_nanjing_road", Text("南京西路街道", "West Nanjing Road Sub-district")),
    ("west_tianmu_road", Text("天目西路街道", "West Tianmu Road Sub-district")),
    ("beizhan", Text("北站街道", "Beizhan (North Railway Station) Sub-district")),
    ("baoshan_road", Text("宝山路街道", "Baoshan Road Sub-district")),
    ("west_zhijiang_road", Text("芷江西路街道", "West Zhijiang Road Sub-district")),
    ("gonghexin_road", Text("共和新路街道", "Gonghexin Road Sub-district")),
    ("pengpu_xincun", Text("彭浦新村街道", "Pengpu Xincun (New Village) Sub-district")),
    ("linfen_road", Text("临汾路街道", "Linfen Road Sub-district")),
    ("pengpu_town", Text("彭浦镇", "Pengpu Town")),
)
DEPARTMENTS: tuple[tuple[str, str, Text], ...] = (
    ("police", "police", Text("区公安分局", "District Public Security Sub-bureau")),
    ("market_regulation", "market", Text("区市场监管局", "District Market Regulation Bureau")),
    ("development_reform", "department", Text("区发展改革委", "District Development and Reform Commission")),
    ("planning_resources", "department", Text("区规划资源局", "District Planning and Natural Resources Bureau")),
    ("economy_informatization", "department", Text("区经济信息化委", "District Economy and Informatization Commission")),
    ("finance", "department", Text("区财政局", "District Finance Bureau")),
    ("taxation", "department", Text("区税务局", "District Taxation Bureau")),
    ("financial_regulation", "department", Text("区金融监管局", "District Financial Regulation Bureau")),
    ("civil_affairs", "department", Text("区民政局", "District Civil Affairs Bureau")),
    ("emergency_management", "department", Text("区应急管理局", "District Emergency Management Bureau")),
    ("urban_law_enforcement", "enforcement",
     Text("区城管执法局", "District Urban Administrative and Law Enforcement Bureau")),
    ("education", "department", Text("区教育局", "District Education Bureau")),
    ("hrss", "hrss", Text("区人力资源社会保障局", "District Human Resources and Social Security Bureau")),
    ("cyberspace", "department", Text("区网信办", "District Cyberspace Administration")),
    ("fire_rescue", "fire", Text("区消防救援支队", "District Fire and Rescue Unit")),
    ("urban_construction", "department", Text("区建设管理委（燃气）", "District Urban Construction Commission (gas)")),
    ("construction", "department", Text("区建设管理委（房屋结构）", "District Urban Construction Commission (structures)")),
    ("water_affairs", "department", Text("区水务局", "District Water Affairs Bureau")),
    ("health", "department", Text("区卫生健康委", "District Health Commission")),
)
OTHERS: tuple[tuple[str, str, str, str, Text], ...] = (
    ("police_station", "section", "police", "police", Text("属地派出所", "Local police station")),
    ("property_management", "property_co", ROOT, "department", Text("物业服务企业", "Property management company")),
    ("power_utility", "utility", ROOT, "department", Text("供电企业", "Power utility")),
)
COMMITTEES_EACH = 2
OPERATORS = 12


def committees_of(subdistrict: str) -> list[str]:
    """The codes of a sub-district's committees."""
    return [f"{subdistrict}.committee_{number}" for number in range(1, COMMITTEES_EACH + 1)]


def operator(number: int) -> str:
    """An operator's code."""
    return f"operator_{number:02d}"


def plant(session: Session) -> None:
    """Write the whole tree."""
    session.execute(insert(OrgUnit), list(_units()))


def _units() -> Iterator[dict[str, str | None]]:
    yield _unit(ROOT, "district", Text("静安区", "Jing'an District"), None, "", None)
    bureau = Text("区房管局", "District Housing Security and Real Estate Management Bureau")
    yield _unit("bureau", "bureau", bureau, ROOT, ROOT, "bureau")
    for code, role, name in DEPARTMENTS:
        yield _unit(code, "department", name, ROOT, ROOT, role)
    for code, kind, parent, role, name in OTHERS:
        yield _unit(code, kind, name, parent, ROOT if parent == ROOT else f"{ROOT}/{parent}", role)
    for code, name in SUBDISTRICTS:
        yield _unit(code, "town" if code == "pengpu_town" else "subdistrict", name, ROOT, ROOT, "subdistrict")
        yield from _committees(code, name)
    for number in range(1, OPERATORS + 1):
        called = Text(f"运营单位{number:02d}", f"Operator {number:02d}")
        yield _unit(operator(number), "operator", called, ROOT, ROOT, "operator")


def _committees(subdistrict: str, name: Text) -> Iterator[dict[str, str | None]]:
    short = name.en.removesuffix(" Sub-district").removesuffix(" Town")
    for number, code in enumerate(committees_of(subdistrict), 1):
        village = subdistrict == "pengpu_town" and number == COMMITTEES_EACH
        zh = f"{name.zh}第{'零一二三'[number]}{'村' if village else '居'}委会"
        whose = "Villagers'" if village else "Neighbourhood"
        kind = "committee_village" if village else "committee_neighbourhood"
        yield _unit(code, kind, Text(zh, f"{short} {whose} Committee {number}"), subdistrict, f"{ROOT}/{subdistrict}", "committee")


def _unit(code: str, kind: str, name: Text, parent: str | None, above: str, role: str | None) -> dict[str, str | None]:
    path = f"{above}/{code}" if above else code
    return {"code": code, "kind": kind, "name_zh": name.zh, "name_en": name.en, "parent": parent, "path": path, "role": role}
