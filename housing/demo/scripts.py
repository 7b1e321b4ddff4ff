"""What happens in each demonstration case: its hazard, and letters for the acts that people do one after another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Act:
    """One letter: which task or message it answers, with what, and how many working hours after the act before."""

    target: str
    data: dict[str, Any]
    hours: float
    claims: bool = False
    message: bool = False


PLAN = {
    "measures": "清理并加固，更换损坏部件，完成后自检", "responsible": "项目安全员", "funds_cny": "3000.00",
    "safeguards": "设置警示标识，专人巡查，必要时断电",
}
ACTS: dict[str, Act] = {
    "P": Act("preliminary_handling", {"fixed_on_spot": False, "measures": "已拍照并设置警示"}, 2),
    "B": Act("preliminary_handling", {"fixed_on_spot": True, "measures": "当场清理完毕"}, 1),
    "G": Act("grade", {"is_hazard": True}, 2),
    "J": Act("grade", {"is_hazard": False}, 2),
    "A": Act("acknowledge", {"disputed": False, "contact_position": "项目安全员"}, 3),
    "S": Act("make_safe", {"measures": "断电并派人看守", "people_moved": 0}, 4),
    "N": Act("plan", PLAN, 8),
    "R": Act("review_plan", {"decision": "approve", "comment": "措施可行"}, 4),
    "r": Act("review_plan", {"decision": "return", "comment": "请补充临时安全措施和负责岗位"}, 4),
    "M": Act("plan_meeting", {"outcome": "按会商意见执行"}, 8),
    "W": Act("rectify", {"progress": 100, "log": "已按方案整改完毕", "notice_posted": True}, 20),
    "C": Act("confirm_completion", {"statement_of_truth": True}, 3),
    "V": Act("verify", {"result": "pass", "on_site": True, "comment": "现场查看合格"}, 7),
    "D": Act("verify_department", {"result": "pass", "on_site": True, "comment": "符合要求"}, 3),
    "F": Act("verify", {"result": "fail", "on_site": True, "comment": "仍有未清理部位"}, 7),
    "H": Act("verify", {"result": "partial", "on_site": True, "comment": "大部分完成，余一处待更换"}, 7),
    "K": Act("close", {"root_cause": "日常巡查频次不足", "cause_kind": "management"}, 3),
    "X": Act("hazard.extension_requested", {
        "days": 5, "reason": "更换部件需厂家发货", "reason_kind": "material", "safeguards": "设置围挡，专人看守"}, 6, message=True),
    "Y": Act("decide_extension", {"decision": "grant", "days": 5}, 5),
    "Z": Act("hazard.disputed", {"dispute_reason": "该部位由物业服务企业管理，请核定责任"}, 4, message=True),
    "Q": Act("hazard.access_refused", {"refused_note": "两次上门均未能入户"}, 6, message=True),
    "U": Act("hazard.danger_worse", {"danger": "裂缝扩大，有坠落危险", "danger_imminent": True}, 3, message=True),
    "O": Act("hazard.withdrawn", {"withdrawal": "withdraw", "withdrawal_reason": "与另一件属同一事项"}, 4, message=True),
    "E": Act("escalation_", {"done": "已电话约问，责任人承诺本周完成"}, 3),
    "c": Act("", {}, 1, claims=True),
    "s": Act("suspend", {}, 4),
    "k": Act("cancel", {"reason": "同一事项已由部门另案办理"}, 6),
}


@dataclass(frozen=True)
class Kind:
    """A hazard as somebody would report it."""

    category: str
    part: str
    description: str
    people_at_risk: str = "1-9"
    imminent: bool = False
    affects: bool = False


MINOR = (
    Kind("hygiene", "垃圾房旁", "生活垃圾外溢，通道有积水", "0"),
    Kind("other", "门厅告示栏", "管理专员联系方式未更新", "0"),
    Kind("flood_drainage", "地下室集水井", "集水井盖板松动，井内有杂物", "0"),
)
GENERAL = (
    Kind("fire_exit", "2层走廊", "走廊堆放纸箱和旧家具，通道变窄"),
    Kind("e_bike", "1层楼梯间", "电动自行车在楼梯间充电"),
    Kind("electrical", "配电间", "配电箱门缺失，线路裸露"),
    Kind("fire_equipment", "4层消火栓", "消火栓箱内缺水带，灭火器过期"),
    Kind("lift", "2号电梯", "电梯检验标志过期"),
    Kind("falling_object", "东侧外墙", "空调支架锈蚀松动"),
    Kind("gas", "3层厨房", "燃气软管老化，未装报警器"),
    Kind("over_occupancy", "5层合租居室", "一间居住人数超出规定", "1-9"),
    Kind("real_name", "门卫登记台", "入住登记与实际居住不一致", "0"),
    Kind("contract", "租赁服务台", "部分合同未在规定期限内备案", "0"),
    Kind("price", "租赁服务台", "实收租金高于备案租金", "0"),
    Kind("public_order", "地下车库出入口", "门禁损坏，外来人员随意出入", "0"),
)
SERIOUS = (
    Kind("fire_exit", "安全出口", "安全出口被上锁，疏散指示不亮", "1-9", affects=True),
    Kind("structure", "阳台板底", "阳台板底混凝土剥落、露筋", "1-9", affects=True),
    Kind("illegal_conversion", "6层东侧", "拆改承重隔墙，增设隔间", "10+"),
    Kind("group_letting", "地下一层", "地下室隔间住人", "10+"),
)
MAJOR = (
    Kind("gas", "1层燃气表间", "燃气异味明显，报警器鸣响", "10+", imminent=True),
    Kind("structure", "屋面女儿墙", "女儿墙倾斜，下方为出入口", "10+", affects=True),
    Kind("electrical", "变配电间", "电缆桥架过热冒烟", "10+", imminent=True),
    Kind("fire_exit", "两侧疏散楼梯", "两部疏散楼梯同时被封堵", "10+", affects=True),
)
KINDS = {"L1": MINOR, "L2": GENERAL, "L3": SERIOUS, "L4": MAJOR}

# count, level, acts, begun so many working days ago (the first and the last of them)
OPEN: tuple[tuple[int, str, str, float, float], ...] = (
    (8, "L2", "", 0.1, 0.7), (3, "L1", "", 0.1, 0.5), (2, "L3", "", 0.05, 0.2), (2, "L2", "c", 0.3, 0.6),
    (6, "L2", "P", 0.4, 0.9), (2, "L3", "P", 0.3, 0.4), (2, "L2", "Pc", 0.5, 0.8),
    (7, "L2", "PG", 0.6, 1.8), (2, "L1", "PG", 0.6, 1.5), (2, "L3", "PG", 0.4, 0.6),
    (7, "L2", "PGA", 1.5, 3), (2, "L3", "PGAS", 1.2, 1.5), (2, "L2", "PGAc", 1.5, 2.5),
    (7, "L2", "PGAN", 2.5, 3.5), (2, "L2", "PGANr", 3.2, 4), (1, "L2", "PGANrNr", 6, 6),
    (8, "L2", "PGANR", 4, 8), (3, "L3", "PGASNR", 4, 9), (4, "L1", "PGA", 1.5, 2.5), (2, "L2", "PGANRc", 5, 7),
    (5, "L2", "PGANRW", 6, 9), (4, "L2", "PGANRWC", 6.5, 8), (2, "L1", "PGAWC", 4.4, 4.8), (2, "L2", "PGANRWCc", 7, 7.5),
    (2, "L3", "PGASNRWC", 6, 6.5), (1, "L3", "PGASNRWCV", 7, 7), (2, "L4", "PGASNRWC", 5.5, 5.6),
    (3, "L2", "PGANRWCF", 8, 10), (1, "L2", "PGANRWCFWCF", 13, 13), (1, "L2", "PGANRWCFWCFWCF", 20, 20),
    (2, "L2", "PGANRWCH", 8, 9), (3, "L2", "PGANRWCV", 8, 10), (1, "L3", "PGASNRWCVD", 9, 9),
    (2, "L2", "PGANRX", 6, 7), (1, "L3", "PGASNRX", 7, 7), (1, "L2", "PGANRXY", 8, 8), (2, "L2", "PGAZ", 2.5, 3),
    (2, "L2", "PGANRs", 7, 9), (1, "L2", "PGANRQ", 5, 5), (1, "L2", "PGANU", 4, 4), (1, "L4", "", 0.03, 0.03), (1, "L4", "PGAS", 0.6, 0.6),
    (2, "L2", "PGANRE", 11, 12), (2, "L2", "PGANREE", 13, 13.5), (1, "L2", "PGANREEE", 14.5, 14.5),
    (1, "L2", "PGANREEEE", 17, 17), (1, "L2", "PGANREEEEE", 19, 19), (1, "L2", "PGANREEEEEE", 22, 22), (1, "L2", "PGANREEEEEEEE", 27, 27),
)
# "=" reports once more what the first story of the project reported: it is merged at once
ENDED: tuple[tuple[int, str, str, float, float], ...] = (
    (5, "L2", "PGANRWCVK", 14, 40), (3, "L1", "PGAWCVK", 10, 30), (2, "L3", "PGASNRWCVDK", 18, 30),
    (1, "L4", "PGASNRWCVDK", 25, 25), (3, "L1", "B", 3, 20), (2, "L1", "PJ", 6, 12), (1, "L2", "PGAO", 9, 9), (1, "L2", "PGAk", 8, 8), (2, "L2", "=", 2, 3),
)
AGAIN = "="
SIDES = ("", " 2", " 3", " 4", " 5")


@dataclass(frozen=True)
class Story:
    """One case to be: its hazard, its acts, how long ago it began, in working hours."""

    kind: Kind
    level: str
    acts: str
    hours_ago: float


def stories() -> Iterator[Story]:
    """All of them; the kinds of a level take turns."""
    turns = dict.fromkeys(KINDS, 0)
    for count, level, acts, first, last in (*OPEN, *ENDED):
        for place in range(count):
            kinds = KINDS[level]
            share = place / (count - 1) if count > 1 else 0
            yield Story(kinds[turns[level] % len(kinds)], level, acts, (first + (last - first) * share) * 8)
            turns[level] += 1
