"""What the registry keeps of a petition. Only `file` and `perform` write these rows.

There is no row for a person: the author's identity lies under seal in the vault, reachable from the petition
alone. Every table reaches its petition in one hop.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.core.vocabulary import PETITION_KINDS, STAGES
from huiyin.registry.access_tokens import AccessToken
from huiyin.registry.answer_words import AnswerWords
from huiyin.registry.assessments import Assessment, AssessmentEntry, Decision, Objection
from huiyin.registry.board_figures import (
    BoardAnew,
    BoardFigure,
    BoardReach,
    BoardRound,
    BoardShare,
    YearFigure,
)
from huiyin.registry.bodies import Body, Change, Competence, Officer, Role, SignInDelay
from huiyin.registry.calendar_links import CalendarLink
from huiyin.registry.cases_file import CasesFile
from huiyin.registry.conferences import AgendaItem, Conference
from huiyin.registry.correspondence import (
    Announced,
    BodyLetter,
    FileCheck,
    Inspection,
    LetterAnswer,
    Meeting,
    Minutes,
    OnProblem,
)
from huiyin.registry.desk import Opened, SavedFilter
from huiyin.registry.digests import Digest, DigestWish
from huiyin.registry.drafts import Draft
from huiyin.registry.exports import Export
from huiyin.registry.faces import Face
from huiyin.registry.follow_ids import FollowId
from huiyin.registry.indexed import Indexed
from huiyin.registry.letterbox import MailAside, MailTaken
from huiyin.registry.log import Adopted, Cohorted, Count, Head, LogSize
from huiyin.registry.lost_keys import LostKey, NewKey
from huiyin.registry.matters import Matter, MatterLink
from huiyin.registry.numbers import Series
from huiyin.registry.paper import PaperFile, PaperLetter, PaperPage
from huiyin.registry.partners import Crossing, Partner, PartnerMessage
from huiyin.registry.passages import Passage
from huiyin.registry.problems import Problem, ProblemMember
from huiyin.registry.provider_links import ProviderLink, SignedIn, StaffEntry
from huiyin.registry.publications import Publication
from huiyin.registry.pulses import Pulse
from huiyin.registry.questions import Question, Suggested
from huiyin.registry.readings import Reading
from huiyin.registry.receptions import Booking, Receiving, Reception
from huiyin.registry.recusals import Recusal
from huiyin.registry.relief import Relief
from huiyin.registry.resemblances import CommonWords, Resemblance
from huiyin.registry.roster import Duty, HandOver
from huiyin.registry.second_factors import CodeApp, Passkey, RecoveryCode
from huiyin.registry.seconds import SecondPerson
from huiyin.registry.signatures import Invitation, Signature
from huiyin.registry.takeovers import Takeover
from huiyin.registry.tasks import Task
from huiyin.registry.tombstones import Hold, Tombstone
from huiyin.registry.topic_outcomes import TopicOutcome
from huiyin.registry.unfinished import Unfinished
from huiyin.registry.webhooks import Delivery, HookEvent, HookPlace, Subscriber

__all__ = [
    "AccessToken",
    "Accused",
    "Adopted",
    "AgendaItem",
    "Announced",
    "AnswerWords",
    "Assessment",
    "AssessmentEntry",
    "Attachment",
    "BoardAnew",
    "BoardFigure",
    "BoardReach",
    "BoardRound",
    "BoardShare",
    "Body",
    "BodyLetter",
    "Booking",
    "CalendarLink",
    "CalendarNotice",
    "CasesFile",
    "Change",
    "Clock",
    "CodeApp",
    "Cohorted",
    "CommonWords",
    "Competence",
    "Conference",
    "Count",
    "Crossing",
    "DataSet",
    "Decision",
    "Delivery",
    "Digest",
    "DigestWish",
    "Draft",
    "Duty",
    "Entry",
    "Export",
    "Face",
    "FileCheck",
    "FollowId",
    "HandOver",
    "Head",
    "Hold",
    "Holding",
    "HookEvent",
    "HookPlace",
    "Idempotent",
    "Indexed",
    "Inspection",
    "Invitation",
    "LetterAnswer",
    "LogSize",
    "LostKey",
    "MailAside",
    "MailTaken",
    "Matter",
    "MatterLink",
    "Meeting",
    "Minutes",
    "NewKey",
    "Objection",
    "Officer",
    "OnProblem",
    "Opened",
    "Outbox",
    "PaperFile",
    "PaperLetter",
    "PaperPage",
    "Partner",
    "PartnerMessage",
    "Passage",
    "Passkey",
    "Petition",
    "Problem",
    "ProblemMember",
    "ProviderLink",
    "Publication",
    "Pulse",
    "Question",
    "Reading",
    "Receiving",
    "Reception",
    "RecoveryCode",
    "Recusal",
    "Relief",
    "Resemblance",
    "Role",
    "SavedFilter",
    "SecondPerson",
    "Series",
    "SignInDelay",
    "Signature",
    "SignedIn",
    "StaffEntry",
    "Subscriber",
    "Suggested",
    "Takeover",
    "Task",
    "Tombstone",
    "TopicOutcome",
    "Unfinished",
    "YearFigure",
]

# The condition on which a term can run out.
RUNS = models.Q(state="running", carried_by=0)
# What becomes of another authority's demand for an identity.
DEMAND_EVENTS = (
    *("identity-demanded", "identity-demanded-kept", "demand-granted", "demand-refused", "demand-lapsed"),
)
CHANNELS = (
    ("web", _("web page")),
    ("letter", _("letter")),
    ("phone", _("telephone")),
    ("visit", _("visit")),
    ("fax", _("fax")),
    ("email", _("e-mail")),
    ("api", _("another system")),
)
KINDS = (
    ("claim", _("Claim: I ask for a decision")),
    ("suggestion", _("Suggestion or opinion")),
    ("report", _("Report against persons")),
)
# Who helped to lodge it. Only this word is kept: a helper holds no key and can neither see nor do anything.
HELPERS = (
    ("relative", _("a relative or friend")),
    ("social-worker", _("a social worker")),
    ("lawyer", _("a lawyer")),
    ("counter", _("a clerk at a counter")),
    ("other", _("somebody else")),
)
SERVICE = (
    ("electronic", _("On my petition's page, with my key")),
    ("post", _("By post")),
    ("in-person", _("I collect it in person")),
)


class Petition(models.Model):
    """One lodging: its text, where it stands, and who holds it."""

    ref = models.CharField(max_length=20, unique=True)
    jurisdiction = models.CharField(max_length=20)
    kind = models.CharField(_("class"), max_length=12, choices=KINDS)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    channel = models.CharField(max_length=10, choices=CHANNELS)
    language = models.CharField(max_length=10, default="zh-hans")
    service = models.CharField(max_length=12, choices=SERVICE, default="electronic")
    helper = models.CharField(max_length=14, choices=HELPERS, blank=True)
    key_hash = models.BinaryField(max_length=32)
    # Public half of the author's own key: for it is closed what they may read back of a report under seal.
    reading_key = models.BinaryField(max_length=32, null=True)
    # Taken over from another installation: the reference there, which the author's key belongs to.
    key_ref = models.CharField(max_length=20, blank=True, default="", db_default="")
    lodged_before = models.CharField(max_length=20, blank=True)  # the reference that its author gives
    # The mixed petition that this one was split off from; its key and its seals are those of that one.
    part_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")

    state = models.CharField(max_length=24)
    is_open = models.BooleanField(default=True)
    stage = models.CharField(max_length=10, default="handling")
    holder = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+", db_index=False)
    other = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    senders = models.JSONField(default=list)  # codes of the bodies it came through, the last one nearest
    handled_by = models.CharField(max_length=40, blank=True)
    officer = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="in_charge_of", db_index=False
    )
    took_part = models.JSONField(default=list)  # [officer's sign-in name, stage]
    called = models.JSONField(default=list)  # [code of a body that the lead called in, seq of its clock]
    withdrawing = models.BooleanField(default=False)
    remedy = models.CharField(max_length=10, blank=True)
    issued_on = models.DateField(null=True)
    hearing_since = models.DateField(null=True)
    marks = models.JSONField(default=dict)  # small facts of law by name: marks.MARKS
    requests = models.JSONField(default=list)  # what is asked for, one by one, as it was listed
    accused_words = models.CharField(max_length=500, blank=True)
    # Where subject and text name somebody, as was known at filing: {field: [[from, to, kind]]}.
    masked = models.JSONField(default=dict)

    lodged_at = models.DateTimeField()  # when the author lodged; claimed by the source if imported
    moved_at = models.DateTimeField()  # when the last step happened; a notice that went out is none
    next_due = models.DateField(null=True)  # the earliest date on which a body must have acted
    # Of a report of pressure that its author gave to an auditor: code of the body where that auditor serves.
    for_auditor_at = models.CharField(max_length=64, blank=True, default="")
    to_supervise = models.BooleanField(default=False)  # the record shows a supervisor something to act on
    version = models.PositiveIntegerField(default=1)
    erased_on = models.DateField(null=True)  # its content was destroyed; what is left stands in the tombstone
    imported = models.BooleanField(default=False)
    # Taken over, open, from an older system: when it was put on record here (decision 0096).
    brought_in_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=80, blank=True)

    # Of a report that was opened for one answer: what its steps say, by the number of the entry.
    opened: ClassVar[Mapping[int, Mapping[str, Any]]] = {}

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=PETITION_KINDS), name="petition_kind_known"),
            models.CheckConstraint(condition=models.Q(stage__in=STAGES), name="petition_stage_known"),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~models.Q(source=""),
                name="petition_imported_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The inbox of a body: what is due first. Dates first, so that nulls stand last on both engines.
            models.Index(fields=["holder", "is_open", "next_due", "id"], name="petition_inbox"),
            models.Index(fields=["holder", "is_open", "lodged_at", "id"], name="petition_inbox_by_age"),
            models.Index(fields=["holder", "is_open", "moved_at", "id"], name="petition_inbox_by_step"),
            models.Index(fields=["holder", "is_open", "state", "next_due", "id"], name="petition_by_state"),
            # Few beside all the claims: what else waits there.
            models.Index(
                fields=["holder", "kind", "next_due", "id"],
                condition=models.Q(is_open=True) & ~models.Q(kind="claim"),
                name="petition_other_kinds",
            ),
            models.Index(fields=["officer", "is_open", "next_due", "id"], name="petition_mine"),
            # What a supervisor's board counts: not what is closed and owes nothing.
            models.Index(
                fields=["holder", "next_due", "id"],
                condition=models.Q(is_open=True) | models.Q(next_due__isnull=False),
                name="petition_owing",
            ),
            # Old cases and inspections ask by age.
            models.Index(fields=["lodged_at", "id"], name="petition_by_age"),
            # What a body took up, held by another by now, and still has to carry out.
            models.Index(fields=["handled_by", "remedy"], name="petition_to_carry_out"),
            # A supervisor's findings: few beside all that there is.
            models.Index(
                fields=["next_due", "id"], condition=models.Q(to_supervise=True), name="petition_to_supervise"
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def is_sealed(self) -> bool:
        """Whether its words lie under seal (`sealing.py`): no petition is lodged without a text."""
        return not self.text

    @property
    def keyed_under(self) -> str:
        """The reference that its author's key belongs to: its own, that of the mixed petition that it was
        split off from, or the one where it was taken over from."""
        whole = self.part_of or self
        return whole.key_ref or whole.ref

    @property
    def sealed_under(self) -> int:
        """The petition whose seals hold this one's author: its own, or that which it was split off from."""
        return self.part_of_id or self.pk


class Accused(models.Model):
    """A body that a report is about: it and all that answer to it never see the petition (charter 6)."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="accused")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["petition", "body"], name="accused_once")
        ]

    def __str__(self) -> str:
        return f"{self.petition_id}:{self.body_id}"


class Holding(models.Model):
    """A body that holds or held a petition, and so may see it."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="holdings")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()
    owes_by = models.DateField(null=True)  # called in by the lead: the day by which its part is awaited

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["body", "petition"], name="holding_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["body", "owes_by"], condition=models.Q(owes_by__isnull=False), name="holding_owed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.petition_id}@{self.body_id}"


class Clock(models.Model):
    """One term of one petition, with the version of the law it started under and its whole reckoning."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="clocks", db_index=False)
    seq = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=24)
    rulebook = models.CharField(max_length=40)
    article = models.CharField(max_length=12)
    unit = models.CharField(max_length=8)
    days = models.PositiveSmallIntegerField()
    roll = models.CharField(max_length=12)
    on_due = models.CharField(max_length=8)
    kind = models.CharField(max_length=6)
    start = models.DateField()
    end = models.DateField()  # unrolled
    due = models.DateField()
    provisional = models.BooleanField()
    skipped = models.JSONField(default=list)
    exclusions = models.JSONField(default=list)
    state = models.CharField(max_length=8, default="running")
    ended = models.DateField(null=True)
    carried_by = models.PositiveSmallIntegerField(default=0)
    body = models.CharField(max_length=40, default="")  # code of the body whose term it is
    # Ended before the petition was taken over from an older system, as that one says: in no figure.
    claimed = models.BooleanField(default=False, db_default=False)
    # The day from which the clerk must look whether to remind of it; nothing: no further reminder. In a row
    # of a release that did not know of it, long ago: the clerk looks at once.
    remind_on = models.DateField(null=True, db_default=date(1900, 1, 1))
    # How it is counted in the public log: where, and how it stands there; nothing while it waits.
    cohort = models.JSONField(null=True)  # [period, bodies, clock]
    logged_as = models.CharField(max_length=24, default="")
    unlogged = models.BooleanField(default=True)  # changed since it was counted, or not counted yet

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["petition", "seq"], name="clock_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=("running", "paused", "met", "missed", "lapsed")),
                name="clock_state_known",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The sweep looks at what is due, never at what exists; reminders likewise.
            models.Index(fields=["due", "id"], condition=RUNS, name="clock_by_due"),
            models.Index(
                fields=["remind_on", "id"],
                condition=RUNS & models.Q(remind_on__isnull=False),
                name="clock_remind",
            ),
            # What was assigned and still owes a report back, wherever it is by now.
            models.Index(
                fields=["petition"],
                condition=models.Q(name="report", ended__isnull=True),
                name="clock_report_owed",
            ),
            # Which terms of a year were not kept: few, as long as bodies are in time.
            models.Index(fields=["name", "start"], condition=models.Q(state="missed"), name="clock_not_kept"),
            # What the clerk counts is found without a look at what is counted already.
            models.Index(fields=["id"], condition=models.Q(unlogged=True), name="clock_unlogged"),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id}/{self.seq} {self.name}"


class Entry(models.Model):
    """One line of the ledger: what the public bytes commit to, and its opening."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="entries", db_index=False)
    seq = models.PositiveIntegerField()
    number = models.BigIntegerField(null=True, unique=True)  # its place in the public log, given by the clerk
    recorded_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    event = models.CharField(max_length=32)
    role = models.CharField(max_length=16)
    officer = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    # Code of the body that held it when the move was made; of supervision, the body that acted.
    body = models.CharField(max_length=40)
    rulebook = models.CharField(max_length=40)
    article = models.CharField(max_length=12)
    state = models.CharField(max_length=24)  # afterwards
    notice = models.CharField(max_length=24, blank=True)
    contents = models.JSONField(default=dict)
    # [seq, name, state, start, due, ended] of each clock that this move touched
    clocks = models.JSONField(default=list)
    salt = models.BinaryField(max_length=32)
    public = models.BinaryField(max_length=400)  # the bytes that go into the log (ledger.Entry.to_bytes)

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["petition", "seq"], name="entry_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=models.Q(number=None), name="entry_unnumbered"),
            # What the public page counts, and it alone: few beside all that there is.
            models.Index(
                fields=["recorded_at"], condition=models.Q(event__in=DEMAND_EVENTS), name="entry_demands"
            ),
            # What a supervisor's board counts by month: few, as long as bodies are in time.
            models.Index(
                fields=["recorded_at"], condition=models.Q(event="clock-missed"), name="entry_missed"
            ),
            # Why terms were extended, the newest first.
            models.Index(fields=["recorded_at"], condition=models.Q(event="extended"), name="entry_extended"),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id}/{self.seq} {self.event}"

    @property
    def happened_at(self) -> object:
        return self.claimed_at or self.recorded_at


class Outbox(models.Model):
    """A notice that waits for the courier. It holds no address: that lies under the contact seal."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="outbox", db_index=False)
    entry = models.ForeignKey(Entry, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    audience = models.CharField(max_length=8)  # author | officer
    notice = models.CharField(max_length=24)
    mark = models.CharField(max_length=40, blank=True)  # of a reminder: clock seq and days before due
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A clerk that runs twice reminds once.
            models.UniqueConstraint(
                fields=["petition", "mark"], condition=~models.Q(mark=""), name="reminder_once"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=models.Q(sent_at=None), name="outbox_waiting"),
            # When word of one step was sent: not among all that was ever sent.
            models.Index(fields=["entry"], condition=models.Q(sent_at__isnull=False), name="outbox_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.notice}"


class Attachment(models.Model):
    """A file that came with a lodging or a move; its bytes lie in the attachment store, by digest."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="attachments")
    entry_seq = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(
        max_length=64
    )  # of the bytes in the store: of a sealed file, as they are locked
    data_key = models.UUIDField(null=True)  # of a sealed file; its name and digest lie under the same key
    locked = models.BinaryField(null=True)

    opened: ClassVar[str] = (
        ""  # of a sealed file that was opened for one answer: the digest it was lodged with
    )

    def __str__(self) -> str:
        return f"{self.petition_id} {self.media_type}"

    @property
    def digest(self) -> str:
        """The digest of the file as it was lodged, as far as whoever reads may know it."""
        return self.opened or self.sha256


class Idempotent(models.Model):
    """An answer that a client may ask for again with the same Idempotency-Key.

    The answer is sealed under the client's own key: the server keeps neither and cannot read it back.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    body_digest = models.CharField(max_length=64)
    answer = models.BinaryField()
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:8]


class DataSet(models.Model):
    """What this registry is: live, a demonstration or an import. One row."""

    KINDS = (("live", _("live")), ("demonstration", _("demonstration")), ("import", _("import")))
    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    kind = models.CharField(max_length=14, choices=KINDS, default="live")
    marked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_data_set")
        ]

    def __str__(self) -> str:
        return self.kind


class CalendarNotice(models.Model):
    """An official notice of holidays that was entered, and what it changed."""

    calendar = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    issued_on = models.DateField(null=True)
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    recomputed = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.calendar} {self.year}"
