"""The cast of every test: a small prefecture, the officers who serve there, and one petition to walk with.

province (external, its letters are recorded by the city)
└ shi    the city                  rolf reviewer · stella registrar
  └ xian the county                rita reviewer · sven supervisor · ada administrator · audrey auditor
    ├ xf petition office           olga registrar
    ├ zj housing bureau            otto handler, registrar · hedda head
    ├ jt transport bureau          tina handler, registrar: a stranger to what zj holds
    └ jw discipline body           dora registrar
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry import access, proving
from huiyin.registry.file import Filed, Lodging, file
from huiyin.registry.models import Body, CodeApp, Officer, Petition, Role
from huiyin.registry.perform import perform
from huiyin.vault.seal import Author as Person

PASSWORD = "a-long-enough-password"
ZONE = ZoneInfo("Asia/Shanghai")
# A working Monday, mid-morning in China: no holiday lies within the next thirty days.
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

# code, name in Chinese, name in English, kind, level, superior
BODIES = (
    ("province", "省", "Province", "organ", "province", ""),
    ("shi", "市人民政府", "City Government", "organ", "prefecture", "province"),
    ("xian", "县人民政府", "County Government", "organ", "county", "shi"),
    ("xf", "县信访局", "County Petition Office", "office", "county", "xian"),
    ("zj", "县住建局", "County Housing Bureau", "organ", "county", "xian"),
    ("jt", "县交通局", "County Transport Bureau", "organ", "county", "xian"),
    ("jw", "县纪委监委", "County Discipline Body", "discipline", "county", "xian"),
)
OFFICERS: dict[str, tuple[tuple[str, str], ...]] = {
    "olga": (("xf", "registrar"),),
    "otto": (("zj", "handler"), ("zj", "registrar")),
    "hedda": (("zj", "head"),),
    "rita": (("xian", "reviewer"),),
    "rolf": (("shi", "reviewer"),),
    "stella": (("shi", "registrar"),),
    "sven": (("xian", "supervisor"),),
    "ada": (("xian", "administrator"),),
    "audrey": (("xian", "auditor"),),
    "tina": (("jt", "handler"), ("jt", "registrar")),
    "dora": (("jw", "registrar"),),
}
DUTY = {"request": "拆除违建", "facts": "无许可证", "basis": "城乡规划法第六十四条"}
PARTS: list[dict[str, Any]] = [
    {"part_kind": "claim", "part_subject": "路灯坏了", "part_text": "请修好路灯。"},
    {"part_kind": "report", "part_subject": "收受好处", "part_text": "有人收了钱。", "part_against": ["zj"]},
]
FINDING = {
    "request": "修好路灯",
    "facts": "三盏路灯不亮",
    "view": "应当修复",
    "basis": "《城市照明管理规定》",
}
REQUESTS = [{"request": "修好路灯"}]
OPINION: dict[str, Any] = {"answers": [{**FINDING, "outcome": "support"}]}
REVIEW: dict[str, Any] = {"findings": [FINDING], "review_outcome": "uphold"}


def make_bodies() -> dict[str, Body]:
    """The tree of bodies, by code."""
    made: dict[str, Body] = {}
    for code, zh, en, kind, level, superior in BODIES:
        made[code] = Body.objects.create(
            code=code,
            name_zh=zh,
            name_en=en,
            kind=kind,
            level=level,
            superior=made.get(superior),
            external=code == "province",
            receives=code == "xf",
        )
    made["province"].recorded_by = made["shi"]
    made["province"].save()
    return made


def standing_bodies() -> dict[str, Body]:
    """The same tree, read from where it stands."""
    found = {body.pk: body for body in Body.objects.all()}
    for body in found.values():
        body.superior = found.get(body.superior_id) if body.superior_id else None
        body.recorded_by = found.get(body.recorded_by_id) if body.recorded_by_id else None
    by_code = {body.code: body for body in found.values()}
    return {code: by_code[code] for code, *_ in BODIES}


def make_sector() -> dict[str, Body]:
    """The city's and the province's housing bureaus, one above the other, and the county's below them."""
    made: dict[str, Body] = {}
    for code, zh, level, above in (
        ("s-zj", "省住建厅", "province", "province"),
        ("c-zj", "市住建局", "prefecture", "shi"),
    ):
        made[code] = Body.objects.create(
            code=code,
            name_zh=zh,
            kind="organ",
            level=level,
            superior=Body.objects.get(code=above),
            sector_superior=made.get("s-zj"),
        )
    county = Body.objects.get(code="zj")
    county.sector_superior = made["c-zj"]
    county.save()
    return made


def make_officers(bodies: Mapping[str, Body]) -> dict[str, Officer]:
    """The officers with their roles, by sign-in name."""
    made = {}
    for login, roles in OFFICERS.items():
        officer = Officer.objects.create_officer(
            login, PASSWORD, name=login.title(), email=f"{login}@example.test"
        )
        Role.objects.bulk_create([Role(officer=officer, body=bodies[code], role=r) for code, r in roles])
        made[login] = officer
        enrol(officer)
    return made


def enrol(officer: Officer) -> str:
    """Add an app to an account, as its owner did long ago; answers the app's secret."""
    secret = proving.new_secret()
    made = {"secret": proving.sealed(officer, secret), "last_step": 0, "since": NOW - timedelta(days=99)}
    CodeApp.objects.update_or_create(officer=officer, defaults=made)
    return secret


def acting_as(login: str, day: date | None = None) -> access.Acting:
    """That officer at work on a day; by default the day of the cast."""
    return access.Acting(Officer.objects.get(login=login), day or legal_day(NOW))


def legal_day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def lodging(**changes: Any) -> Lodging:
    """What the author of the cast lodges: named, reachable, and addressed to nobody."""
    said: dict[str, Any] = {
        "subject": "路灯坏了",
        "text": "我们小区的路灯坏了三个月，晚上看不见路。",
        "author": Person(name="张三", phone="13800000000", email="zhang@example.test", address="一号院"),
    }
    return Lodging(**(said | changes))


def lodge(now: datetime = NOW, **changes: Any) -> Filed:
    """File a petition, or fail the test with the refusal."""
    filed = file(lodging(**changes), now=now)
    assert isinstance(filed, Filed), filed
    return filed


@dataclass
class Walk:
    """One petition on its way: call it with a verb, who makes the move, and what they say.

    `walk("transfer", "olga", body="zj")` makes the move or fails the test; `walk.ask(...)` also answers a
    refusal. Time stands still until `walk.later(days=…)`.
    """

    filed: Filed
    now: datetime = NOW

    @property
    def ref(self) -> str:
        return self.filed.ref

    @property
    def key(self) -> str:
        return self.filed.key

    @property
    def petition(self) -> Petition:
        """The petition as the database has it now."""
        return Petition.objects.select_related("holder", "other", "officer").get(ref=self.ref)

    @property
    def today(self) -> date:
        return legal_day(self.now)

    def later(self, **spans: int) -> Walk:
        """Let time pass."""
        self.now += timedelta(**spans)
        return self

    def actor(self, login: str) -> access.Actor:
        """'author', 'clerk', 'courier', 'importer', or an officer's sign-in name."""
        house = {"clerk": access.CLERK, "courier": access.COURIER, "importer": access.IMPORTER}
        if login == "author":
            return access.Author(self.ref)
        return house[login] if login in house else acting_as(login, self.today)

    def ask(self, verb: str, login: str, /, **contents: Any) -> Petition | Refusal:
        """Try a move and answer what `perform` answers."""
        return perform(self.ref, Move(verb, contents), self.actor(login), self.now)

    def __call__(self, verb: str, login: str, /, **contents: Any) -> Petition:
        """Make a move; a refusal fails the test."""
        petition = self.ask(verb, login, **contents)
        assert isinstance(petition, Petition), (verb, login, petition)
        return petition

    def signed(self, login: str = "otto", head: str = "hedda", /, **opinion: Any) -> Walk:
        """Draft the opinion and have it signed: the next step is to issue it."""
        self("submit-opinion", login, **(opinion or OPINION))
        self("countersign", head)
        return self

    def hear(self, login: str) -> Walk:
        """Call a hearing and, a week later, open it."""
        self("call-hearing", login, **said("call-hearing", self.today))
        self.later(days=7)("open-hearing", login, note="公开听证")
        return self

    def close_hearing(self, login: str) -> Walk:
        """Close it with its minutes."""
        self("close-hearing", login, **said("close-hearing", self.today))
        return self

    def to(self, state: str) -> Walk:
        """Go the shortest usual way from where a claim was lodged at the petition office to that state."""
        for verb, login, contents, reached in self._way():
            if self.petition.state == state:
                break
            self(verb, login, **contents)
            assert self.petition.state == reached
        assert self.petition.state == state, f"{state!r} is not on the usual way"
        return self

    def _way(self) -> list[tuple[str, str, dict[str, Any], str]]:
        served = {"served_on": self.today.isoformat(), "way": "in-person"}
        way: list[tuple[str, str, dict[str, Any], str]] = [
            ("register", "olga", {}, "registered"),
            ("transfer", "olga", {"body": "zj"}, "transferred"),
            ("accept", "otto", {"requests": REQUESTS}, "accepted"),
            ("submit-opinion", "otto", OPINION, "accepted"),
            ("countersign", "hedda", {}, "accepted"),
            ("issue-opinion", "otto", OPINION, "opinion-issued"),
            ("serve", "otto", served, "opinion-served"),
            ("request-review", "author", {}, "review-requested"),
            ("issue-review-opinion", "rita", REVIEW, "review-issued"),
            ("serve", "rita", served, "review-served"),
            ("request-rereview", "author", {}, "rereview-requested"),
            ("issue-rereview-opinion", "rolf", REVIEW, "rereview-issued"),
            ("serve", "rolf", served, "closed-final"),
        ]
        return way[self._behind(way) :]

    def _behind(self, way: list[tuple[str, str, dict[str, Any], str]]) -> int:
        """How much of the way lies behind, judged by the state that the petition is in."""
        state = self.petition.state
        return next((i + 1 for i, step in enumerate(way) if step[3] == state), 0)


CLAUSES = [{"side": "body", "task_kind": "remedy", "task_what": "修好路灯", "task_due": ""}]
SEATS = [{"seat": "chair", "function_held": "副局长", "stood_apart": True}]


def as_form(said: Mapping[str, Any]) -> dict[str, str]:
    """Contents as a browser sends them: rows become numbered fields."""
    sent: dict[str, str] = {}
    for name, value in said.items():
        if not isinstance(value, list):
            sent[name] = value
            continue
        sent |= {f"{name}-TOTAL_FORMS": str(len(value)), f"{name}-INITIAL_FORMS": "0"}
        for number, line in enumerate(value):
            sent |= {f"{name}-{number}-{column}": each for column, each in line.items()}
    return sent


def said(verb: str, day: date) -> dict[str, Any]:
    """Contents with which a move could be made; what it must say is asked of the law elsewhere."""
    served = {"served_on": day.isoformat(), "way": "in-person"}
    reasons = {"reasons": "理由如下"}
    hearing = {
        "hearing_on": (day + timedelta(days=7)).isoformat(),
        "hour": "9:00",
        "hearing_place": "二楼会议室",
    }
    met = {"met_on": day.isoformat(), "present": "局长"}
    by_verb: dict[str, dict[str, Any]] = {
        "transfer": {"body": "zj"},
        "assign": {"body": "zj", "term": (day + timedelta(days=40)).isoformat()},
        "object": reasons,
        "link-matter": reasons,
        "succeed": {"body": "jt"},
        "raise-dispute": {"body": "jt", **reasons},
        "settle-competence": {"body": "jt", **reasons},
        "call-in": {"body": "jt", "share": "路面", "term": (day + timedelta(days=10)).isoformat()},
        "contribute": {"contribution": "路面已经测量"},
        "go-on-without": reasons,
        "return": reasons,
        "reject-objection": reasons,
        "decline": {"ground": "not-competent", "redirect": "法院", **reasons},
        "divert": {"route": "court", "redirect": "法院", **reasons},
        "order-acceptance": reasons,
        "uphold-refusal": reasons,
        "answer-suggestion": {"adoption": "part", **reasons},
        "extend": {"days": 30, **reasons},
        "refuse-hearing": reasons,
        "call-hearing": {**hearing, **reasons, "openness": "public", "seats": SEATS},
        "call-off-hearing": reasons,
        "open-hearing": {"note": "公开听证"},
        "adjourn-hearing": {**hearing, **reasons},
        "close-hearing": {"hearing_minutes": "双方陈述", "author_side": "alone", "seats": SEATS},
        "declare-recusal": {"recusal_ground": "own-act"},
        "ask-recusal": {"recusal_ground": "own-interest"},
        "grant-recusal": reasons,
        "refuse-recusal": reasons,
        "offer-mediation": {"mediator": "县司法局调解员", "note": "就修复时间进行调解"},
        "record-mediation": {"mediation_record": "双方谈了修复时间"},
        "end-mediation": reasons,
        "propose-settlement": {"clauses": CLAUSES},
        "ask-author": {"needed": "路灯编号", "answer_by": (day + timedelta(days=9)).isoformat()},
        "answer-question": {"information": "在3号楼前"},
        "commission-expert": {
            "expert": "电力检测所",
            "question": "为什么不亮",
            "answer_by": (day + timedelta(days=9)).isoformat(),
        },
        "record-expert": {"expert_result": "电缆断了"},
        "conclude-hearing": {"conclusion": "路灯确实坏了三个月"},
        "accept": {"requests": REQUESTS},
        "set-out-requests": {"requests": REQUESTS},
        "add-request": {"request": "道歉"},
        "write-author": {"message": "请补充门牌号"},
        "write-back": {"message_back": "在3号楼前"},
        "remark": {"remark": "已去现场看过"},
        "order-redo": {
            "findings": [FINDING],
            "redo_by": (day + timedelta(days=20)).isoformat(),
            **reasons,
        },
        "submit-opinion": OPINION,
        "send-back-opinion": reasons,
        "issue-opinion": OPINION,
        "import-opinion": {"reply": "已修好"},
        "serve": served,
        "report-back": {"report": "已办结"},
        "issue-review-opinion": REVIEW,
        "issue-rereview-opinion": REVIEW,
        "report-carried-out": {"note": "已修好"},
        "dispute-carried-out": {"comment": "没有修好"},
        "add-information": {"information": "又坏了一盏"},
        "invite": {
            "meet_on": (day + timedelta(days=3)).isoformat(),
            "meet_at": "9:30",
            "meet_place": "接待大厅",
            "official": "局长",
        },
        "record-meeting": {**met, "said": "说明了情况"},
        "leader-instructs": {"instruction": "请抓紧办理"},
        "name-leader": {"leader": "副县长"},
        "leader-met": {**met, "said": "说明了情况"},
        "adopt-plan": {"plan": "换电缆", "tasks": [{"task_kind": "remedy", "task_what": "换电缆"}]},
        "leader-reports": {"progress": "已换一半"},
        "confer": {**met, "minutes": "会商情况", "decision": "由住建局换电缆"},
        "rate": {"rating": "satisfied"},
        "request-withdrawal": {"pressed": "no"},
        "dispatch": {"channel": "page"},
        "entrust": {"officer": "otto"},
        "unseal": {"purpose": "serve", "words": "寄送处理意见书"},
        "breach": {"clock": "notice"},
        "recompute": {"clock": "notice"},
        "find-evasive": {"evasion": "shirked", **reasons},
        "supervise": {
            "addressee": "holder",
            "finding": "late",
            "required": "书面答复信访人",
            "term": (day + timedelta(days=20)).isoformat(),
        },
        "answer-supervision": {"correction": "今天已书面答复"},
        "escalate-supervision": {
            "required": "书面答复信访人",
            "term": (day + timedelta(days=20)).isoformat(),
        },
        "refuse-publication": reasons,
        "withdraw-publication": reasons,
        "close-supervision": {"supervision_result": "corrected", **reasons},
        "split": {"parts": PARTS, **reasons},
        "take-simple": {"fits": "clear", "checked": "none", **reasons},
        "leave-simple": reasons,
        "ask-upwards": {"point": "五月已经答应", "coming": "yes"},
        "present-upwards": {
            "presenter": "分管副局长",
            "meet_on": (day + timedelta(days=3)).isoformat(),
            "meet_at": "09:30",
            "meet_place": "县政府三楼",
        },
        "warn-of-danger": {"danger": "life", "danger_place": "西围墙"},
        "report-urgent": {
            "danger": "life",
            "danger_place": "西围墙",
            "can_avert": "县住建局",
            "measures": "已围挡",
        },
        "end-danger": {"measures": "已拆除重砌"},
        "classify": {"sorting": "opinion", "aided": "unused", **reasons},
        "treat-as-report": {"body": "jw", **reasons},
        "accept-duty": {"own_law": "城乡规划法第六十四条"},
        "issue-duty-answer": {**DUTY, "done": "已责令拆除", "law_remedy": "六十日内申请行政复议"},
    }
    return by_verb.get(verb, {})
