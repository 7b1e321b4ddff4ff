"""How the steps of the hazard journey are told; a step that is not named here is told by its own name.

`{who}` is whoever acted. `None` as an answer to `entered` leaves the moment to the list of all entries.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from engine.words import Text
from housing.hazards import LEVELS
from webapp.pages import dates
from webapp.pages.answers import money, pictures

Phrase = Callable[[Mapping[str, Any]], Text]
RESULTS = {"pass": Text("合格", "pass"), "partial": Text("部分合格", "partial"), "fail": Text("不合格", "fail")}
LADDER = {
    "escalation_e0": Text("E0：提醒运营单位", "E0: the operator is reminded"),
    "escalation_e1": Text("E1：居委会约问和催告", "E1: the committee calls and urges"),
    "escalation_e2": Text("E2：约谈运营单位负责人", "E2: the operator's head is called in"),
    "escalation_e3": Text("E3：区房管局挂牌督办", "E3: the Bureau issues a supervision order"),
    "escalation_e4": Text("E4：部门立案查处", "E4: the department investigates"),
    "escalation_e5": Text("E5：启动联合响应", "E5: joint response begins"),
    "escalation_e6": Text("E6：转重点检查", "E6: priority inspection"),
    "escalation_e7": Text("E7：处罚与暂停供应", "E7: penalty and suspension of supply"),
}


def _handled(data: Mapping[str, Any]) -> Text:
    if data.get("fixed_on_spot"):
        return Text("{who}到场，当场整改完毕。", "{who} came and had it fixed on the spot.")
    return Text("{who}到场做了先期处置，还需要整改。", "{who} came and did the first handling; it still has to be rectified.")


def _graded(data: Mapping[str, Any]) -> Text:
    if data.get("is_hazard") is False:
        return Text("{who}退回：不属于隐患。", "{who} returned it: not a hazard.")
    level = str(data.get("level") or "")
    name = LEVELS.get(level, Text("", ""))
    told = Text(f"{{who}}定级为 {level} {name.zh}", f"{{who}} graded it {level} {name.en.lower()}")
    reason = data.get("override_reason")
    return _told(told, [str(reason)], [str(reason)]) if reason else _told(told, [], [])


def _acknowledged(data: Mapping[str, Any]) -> Text:
    if data.get("disputed"):
        return Text("{who}签收了通知，同时提出异议。", "{who} acknowledged the notice and disputed it.")
    return Text("{who}签收了通知，没有异议。", "{who} acknowledged the notice and did not dispute it.")


def _planned(data: Mapping[str, Any]) -> Text:
    zh, en = [], []
    if data.get("funds_cny") is not None:
        funds = money(data["funds_cny"])
        zh.append(f"经费 {funds.zh}"), en.append(funds.en)
    if data.get("finish_on"):
        by = dates.day(date.fromisoformat(str(data["finish_on"])))
        zh.append(f"{by.zh}前完成"), en.append(f"by {by.en}")
    return _told(Text("{who}报送了整改方案", "{who} handed in the plan"), zh, en)


def _reviewed(data: Mapping[str, Any]) -> Text:
    said = [str(data["comment"])] if data.get("comment") else []
    if data.get("decision") == "return":
        return _told(Text("{who}退回了整改方案", "{who} returned the plan"), said, said)
    return _told(Text("{who}批准了整改方案", "{who} approved the plan"), said, said)


def _rectified(data: Mapping[str, Any]) -> Text:
    progress = data.get("progress")
    done = Text(f"{{who}}完成了整改施工，进度 {progress}%", f"{{who}} carried out the rectification, {progress}% done") \
        if progress is not None else Text("{who}完成了整改施工", "{who} carried out the rectification")
    said = [str(data["log"])] if data.get("log") else []
    return _told(done, said, said)


def _confirmed(data: Mapping[str, Any]) -> Text:
    photos = data.get("photos") or []
    zh = [f"附 {pictures(len(photos)).zh}"] if photos else []
    en = [f"with {pictures(len(photos)).en}"] if photos else []
    if data.get("statement_of_truth"):
        zh.append("签了真实性声明"), en.append("and signed the statement of truth")
    return Text("，".join(["{who}确认整改完成", *zh]) + "。", " ".join(["{who} confirmed completion", *en]) + ".")


def _verified(data: Mapping[str, Any]) -> Text:
    result = RESULTS.get(str(data.get("result")), Text("", ""))
    where = Text("到现场", " on site") if data.get("on_site") else Text("", "")
    said = [str(data["comment"])] if data.get("comment") else []
    return _told(Text(f"{{who}}{where.zh}复查：{result.zh}", f"{{who}} verified{where.en}: {result.en}"), said, said)


def _closed(data: Mapping[str, Any]) -> Text:
    cause = [str(data["root_cause"])] if data.get("root_cause") else []
    return _told(Text("{who}销号" + ("，根本原因" if cause else ""), "{who} closed it" + ("; root cause" if cause else "")), cause, cause)


def _extension(data: Mapping[str, Any]) -> Text:
    if data.get("decision") == "grant":
        days = data.get("days")
        return Text(f"{{who}}准予延期 {days} 个工作日。", f"{{who}} granted {days} more working days.")
    return Text("{who}没有准予延期。", "{who} refused the extension.")


def _dispute(data: Mapping[str, Any]) -> Text:
    if data.get("decision") == "uphold":
        return Text("{who}认定异议成立，重新定级。", "{who} upheld the dispute; it is graded again.")
    return Text("{who}驳回了异议，维持原定级。", "{who} rejected the dispute; the grading stands.")


def _told(text: Text, zh: list[str], en: list[str]) -> Text:
    """A sentence with what was said after a colon; it ends once."""
    if not zh:
        return Text(text.zh + "。", text.en + ".")
    return Text(f"{text.zh}：{_ended('，'.join(zh), '。')}", f"{text.en}: {_ended(', '.join(en), '.')}")


def _ended(text: str, mark: str) -> str:
    return text if text.rstrip()[-1:] in "。！？.!?" else text.rstrip() + mark


def _climbed(data: Mapping[str, Any]) -> Text:
    said = [str(value) for name, value in data.items() if isinstance(value, str) and len(value) > 3 and name in ("done", "measures", "note", "comment", "result", "record", "outcome", "what_was_done")]
    return _told(Text("{who}办理了“{name}”", '{who} dealt with "{name}"'), said[:1], said[:1])


def _safe(data: Mapping[str, Any]) -> Text:
    said = [str(value) for value in data.values() if isinstance(value, str) and len(value) > 3 and not value[:4].isdigit()][:1]
    return _told(Text("{who}落实了临时管控", "{who} put interim safeguards in place"), said, said)


LEFT: Mapping[str, Phrase] = {
    "preliminary_handling": _handled, "grade": _graded, "acknowledge": _acknowledged, "plan": _planned,
    "review_plan": _reviewed, "rectify": _rectified, "confirm_completion": _confirmed, "verify": _verified,
    "verify_department": _verified, "close": _closed, "make_safe": _safe, **dict.fromkeys(LADDER, _climbed), "decide_extension": _extension, "decide_dispute": _dispute,
}
EVENTS: Mapping[str, Text] = {
    "notice_opened": Text("整改通知书已打开，即为送达；期限从次日起算。", "The rectification notice was opened, which serves it; the clock runs from the next day."),
    "day_passed": Text("通知书发出满 24 小时，视为送达；期限从次日起算。", "24 hours passed since the notice, which counts as served; the clock runs from the next day."),
    "extension_requested": Text("{who}申请延期。", "{who} asked for more time."),
    "dispute_raised": Text("{who}对定级或期限提出异议。", "{who} disputed the grading or the deadline."),
    "danger_worse": Text("{who}报告险情加重，回到定级。", "{who} reported that the danger is worse; back to grading."),
    "withdrawn": Text("{who}撤回、并案或移送了它。", "{who} withdrew, merged or transferred it."),
    "access_refused": Text("{who}报告住户不让进门，时钟暂停。", "{who} reported that the tenant refuses access; the clock is paused."),
    "prominent": Text("第三次复查不合格：转重点检查，项目列入动态管理。", "Third failed verification: priority inspection, and the project goes on the dynamic list."),
    "not_admitted": Text("按规则不再受理延期。", "By rule no further extension is admitted."),
    "dispute_late": Text("异议超过时限，不予受理。", "The dispute came too late and was not admitted."),
}
ICONS = {
    "preliminary_handling": "hand", "grade": "table", "acknowledge": "hand", "plan": "document", "review_plan": "tick",
    "rectify": "settings", "confirm_completion": "camera", "verify": "eye", "verify_department": "eye", "close": "tick",
    "notice_opened": "eye", "day_passed": "clock", "danger_worse": "warning", "extension_requested": "clock",
    "access_refused": "lock",
}
