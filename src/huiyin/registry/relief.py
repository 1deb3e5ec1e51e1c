"""Existing aid that an author asks for (art. 37): which, at which body, and how far it is.

The words of the application lie under a seal of their own in the vault. Nothing of the petition knows this
table: no move, guard, mark, letter or case file reads it, so that it can never be a ground for anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import uuid4

from django.db import models

from huiyin.core.text import Text
from huiyin.registry.bodies import Body


@dataclass(frozen=True, slots=True)
class Aid:
    """One aid that exists, and for whom, asked in plain words. Who is entitled, the body says."""

    text: Text
    fits: Text


# The kinds of the Interim Measures for Social Assistance (社会救助暂行办法, 2014), and judicial relief.
AIDS = {
    "living": Aid(
        Text("最低生活保障", "Minimum living allowance"),
        Text(
            "家里人均收入低于当地低保标准吗？",
            "Does your household live on less than the local minimum a head?",
        ),
    ),
    "support": Aid(
        Text("特困人员供养", "Support for those without means"),
        Text(
            "没有劳动能力、没有生活来源，也没有人能供养吗？",
            "Can you not work, have you no income, and is there nobody who could keep you?",
        ),
    ),
    "medical": Aid(
        Text("医疗救助", "Medical aid"),
        Text("看病的费用家里负担不起吗？", "Are there medical costs that your household cannot bear?"),
    ),
    "education": Aid(
        Text("教育救助", "Educational aid"),
        Text("孩子上学的费用有困难吗？", "Can a child hardly be kept at school?"),
    ),
    "housing": Aid(
        Text("住房救助", "Housing aid"),
        Text(
            "低保或者特困家庭住房有困难吗？", "Do you receive one of the first two, and lack a place to live?"
        ),
    ),
    "work": Aid(
        Text("就业救助", "Employment aid"),
        Text(
            "低保家庭中有人能工作但没有工作吗？", "Can somebody in a household on the allowance find no work?"
        ),
    ),
    "temporary": Aid(
        Text("临时救助", "Temporary aid"),
        Text(
            "因火灾、事故、重病等，一时难以生活吗？",
            "Has a fire, an accident or a grave illness left you without the means to live for now?",
        ),
    ),
    "judicial": Aid(
        Text("国家司法救助", "Judicial relief"),
        Text(
            "在案件中受到侵害，得不到有效赔偿，生活困难吗？",
            "Did you suffer harm in a legal case, get no effective compensation, and live in hardship?",
        ),
    ),
}
APPLIED, RECEIVED, GRANTED, REFUSED = "applied", "received", "granted", "refused"
PASSED_ON, TAKEN_BACK = "passed-on", "taken-back"
OUTCOMES = (GRANTED, REFUSED, PASSED_ON)
STATES = {
    APPLIED: Text("已提交，等待接收", "sent, not yet taken in"),
    RECEIVED: Text("已接收，正在办理", "taken in, being decided"),
    GRANTED: Text("予以救助", "granted"),
    REFUSED: Text("不予救助", "refused"),
    PASSED_ON: Text("已告知由其他单位办理", "for another body to decide"),
    TAKEN_BACK: Text("已由本人撤回", "taken back by the applicant"),
}


class Relief(models.Model):
    """One application. What it says is sealed; what is kept here tells its author how far it is."""

    # Drawn, not counted: how many asked is nowhere.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    petition = models.ForeignKey("registry.Petition", on_delete=models.CASCADE, related_name="+")
    # Of a joint petition: under whose key it was made. Its random name and no reference to the row, for these
    # rows are laid anew every day.
    signature = models.UUIDField(null=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    shows_ref = models.BooleanField(default=False)  # the author lets the relief desk know the reference
    state = models.CharField(max_length=12, default=APPLIED)
    applied_on = models.DateField()
    answered_on = models.DateField(null=True)
    ended_on = models.DateField(null=True, db_index=True)
    answer = models.TextField(blank=True)
    appeal = models.TextField(blank=True)
    # Each opening of the seal: day, body, purpose, and the officer, whom the author is not told of.
    openings = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar[list[str]] = ["applied_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=list(AIDS)), name="relief_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=list(STATES)), name="relief_state_known"),
            models.UniqueConstraint(
                fields=["petition", "kind"],
                condition=models.Q(ended_on=None, signature=None),
                name="relief_open_once",
            ),
            models.UniqueConstraint(
                fields=["petition", "kind", "signature"],
                condition=models.Q(ended_on=None, signature__isnull=False),
                name="relief_open_once_each",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def aid(self) -> Text:
        return AIDS[self.kind].text

    @property
    def stands(self) -> Text:
        return STATES[self.state]

    @property
    def is_open(self) -> bool:
        return self.ended_on is None
