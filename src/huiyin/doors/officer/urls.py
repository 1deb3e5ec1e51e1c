"""Addresses of this door, and which roles each is for: nothing opens without being signed in."""

from django.urls import URLPattern, URLResolver, path

from huiyin.doors.officer import (
    absence,
    aid,
    audit,
    between,
    bodies,
    carrying_out,
    cases,
    conference,
    corresponding,
    counter,
    custody,
    filters,
    hand_over,
    inbox,
    inspecting,
    leaders,
    letters,
    lost_key,
    matters,
    moves,
    officials,
    people,
    questions,
    receptions,
    relief,
    retention,
    roster,
    second_factor,
    sign_in,
    supervise,
    unsealing,
    yearly,
)
from huiyin.doors.officer import petition as petitions
from huiyin.doors.officer.door import AT_WORK, desk
from huiyin.registry import carrying_out as registry
from huiyin.registry import retaining
from huiyin.registry.access import HANDLING_ROLES

REGISTRAR, SUPERVISOR = "registrar", "supervisor"
ADMINISTRATOR, AUDITOR = "administrator", "auditor"
# Who writes, reads or answers a letter between bodies.
CORRESPONDING = (SUPERVISOR, REGISTRAR, "handler", "head", "leader")
LEADER = "leader"
RELIEF = "relief"
LEADING = ("head", LEADER)
SECOND = ("custodian", AUDITOR)  # who is asked before an identity opens
KEEPERS = (REGISTRAR, ADMINISTRATOR)
AT_RECEPTION = (*sorted(HANDLING_ROLES), ADMINISTRATOR)

urlpatterns: list[URLPattern | URLResolver] = [
    # The two pages for somebody who is not signed in.
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/second/", second_factor.step, name="second-step"),
    path("sign-out/", desk(sign_in.sign_out, before_own_password=True), name="sign-out"),
    path("sign-out/everywhere/", desk(sign_in.sign_out_everywhere), name="sign-out-everywhere"),
    path("password/", desk(sign_in.password, before_own_password=True), name="password"),
    path("second-factor/", desk(second_factor.own, before_second_factor=True), name="second-factor"),
    path(
        "second-factor/app/",
        desk(second_factor.app, before_second_factor=True),
        name="second-factor-app",
    ),
    path(
        "second-factor/passkey/",
        desk(second_factor.passkey, before_second_factor=True),
        name="second-factor-passkey",
    ),
    path("second-factor/codes/", desk(second_factor.codes), name="second-factor-codes"),
    path("second-factor/remove/", desk(second_factor.remove), name="second-factor-remove"),
    path("account/", desk(absence.account), name="account"),
    # Petitions: which of them, access.visible_to says; what may be done with one, the core.
    path("", desk(inbox.inbox), name="inbox"),
    path("none/", desk(inbox.none), name="none"),
    path("filters/", desk(filters.save, *sorted(AT_WORK)), name="filter-save"),
    path("filters/<int:number>/drop/", desk(filters.drop, *sorted(AT_WORK)), name="filter-drop"),
    path("keys/", desk(absence.single_keys), name="single-keys"),
    path("hand-over/", desk(hand_over.hand_over), name="hand-over"),
    path("p/<str:ref>/matter/", desk(matters.link, *sorted(HANDLING_ROLES)), name="matter"),
    path("p/<str:ref>/matter/same/", desk(matters.same, *sorted(HANDLING_ROLES)), name="matter-same"),
    path("between/", desk(between.between, *sorted(AT_WORK), SUPERVISOR), name="between"),
    path("p/<str:ref>/", desk(petitions.petition), name="petition"),
    path("p/<str:ref>/aid/", desk(aid.ask), name="aid"),
    path("p/<str:ref>/file/<int:number>/", desk(petitions.file), name="file"),
    path("p/<str:ref>/case/", desk(cases.case_pdf), name="case-pdf"),
    path("p/<str:ref>/case/zip/", desk(cases.case_zip), name="case-zip"),
    path("p/<str:ref>/letter/<int:seq>/", desk(letters.letter), name="letter"),
    path("p/<str:ref>/letter/<int:seq>/slip/", desk(letters.slip), name="slip"),
    path("p/<str:ref>/letter/<int:seq>/pdf/", desk(letters.letter_pdf), name="letter-pdf"),
    path("p/<str:ref>/move/unseal/", desk(unsealing.unseal), name="unseal"),
    path("p/<str:ref>/move/<slug:verb>/", desk(moves.move), name="move"),
    path("new/", desk(counter.new, REGISTRAR), name="new"),
    path("lost-key/", desk(lost_key.lost_key, REGISTRAR), name="lost-key"),
    path("carry-out/", desk(carrying_out.carry_out, *registry.WORKING), name="carry-out"),
    path("absence/", desk(absence.absence), name="absence"),
    # Reception days: who works at a body or keeps its hours.
    path("reception/", desk(receptions.receptions, *AT_RECEPTION), name="receptions"),
    path("reception/new/", desk(receptions.reception, *KEEPERS), name="reception-new"),
    path("reception/<int:number>/", desk(receptions.reception, *KEEPERS), name="reception"),
    path("reception/<int:number>/call-off/", desk(receptions.call_off, *KEEPERS), name="reception-call-off"),
    path("reception/<int:number>/book/", desk(receptions.book, REGISTRAR), name="reception-book"),
    path("roster/", desk(roster.roster, *AT_RECEPTION), name="roster"),
    path("roster/<int:number>/take-off/", desk(roster.take_off, *KEEPERS), name="take-off"),
    path("roster/leave/", desk(roster.leave, *sorted(HANDLING_ROLES)), name="leave"),
    path("roster/left/<uuid:pk>/", desk(roster.looked_at, *sorted(HANDLING_ROLES)), name="looked-at"),
    # Leading: old cases, conferences on them, and letters that a leader reads.
    path("backlog/", desk(leaders.backlog, *sorted(AT_WORK), SUPERVISOR), name="backlog"),
    path("backlog/agenda/", desk(leaders.put_on_agenda, *LEADING), name="put-on-agenda"),
    path("conferences/", desk(leaders.conferences, *LEADING), name="conferences"),
    path("conferences/<int:number>/", desk(leaders.conference, *LEADING), name="case-conference"),
    path("conferences/<int:number>/off/", desk(leaders.take_off_agenda, *LEADING), name="take-off-agenda"),
    path("conferences/<int:number>/conclude/", desk(leaders.conclude, *LEADING), name="conclude"),
    path("mailbox/", desk(leaders.mailbox, LEADER), name="mailbox"),
    # Questions to the public.
    path("questions/", desk(questions.questions, *KEEPERS), name="questions"),
    path("questions/new/", desk(questions.question, *KEEPERS), name="question-new"),
    path("questions/<slug:code>/", desk(questions.question, *KEEPERS), name="question"),
    path("questions/<slug:code>/outcome/", desk(questions.outcome, *KEEPERS), name="question-outcome"),
    # Aid that somebody asks for (art. 37): apart from every petition, and opened by this role alone.
    path("relief/", desk(relief.applications, RELIEF), name="relief"),
    path("relief/<uuid:pk>/", desk(relief.application, RELIEF), name="relief-one"),
    path("relief/<uuid:pk>/open/", desk(relief.opened, RELIEF), name="relief-open"),
    path("relief/<uuid:pk>/receive/", desk(relief.receive, RELIEF), name="relief-receive"),
    path("retention/", desk(retention.due, *retaining.READING), name="retention"),
    path("retention/holds/", desk(retention.holds, *retaining.READING), name="holds"),
    path("retention/holds/<int:number>/lift/", desk(retention.lift, retaining.HOLDING), name="lift-hold"),
    path("retention/erased/", desk(retention.erased, *retaining.READING), name="erased"),
    path("p/<str:ref>/hold/", desk(retention.hold, retaining.HOLDING), name="hold"),
    path("supervise/", desk(supervise.supervise, SUPERVISOR), name="supervise"),
    path("supervise/petitions/", desk(supervise.petitions, SUPERVISOR), name="supervised"),
    path("supervise/year/", desk(yearly.year, SUPERVISOR), name="year"),
    path("supervise/year/csv/", desk(yearly.as_csv, SUPERVISOR), name="year-csv"),
    path("letters/", desk(corresponding.letters, *CORRESPONDING), name="body-letters"),
    path("letters/new/<slug:kind>/", desk(corresponding.write, SUPERVISOR), name="body-letter-new"),
    path("letters/<int:number>/", desk(corresponding.letter, *CORRESPONDING), name="body-letter"),
    path("inspections/", desk(inspecting.inspections, SUPERVISOR), name="inspections"),
    path("inspections/new/", desk(inspecting.announce, SUPERVISOR), name="inspection-new"),
    path("inspections/announced/<int:number>/", desk(inspecting.draw, SUPERVISOR), name="inspection-draw"),
    path("inspections/<int:number>/", desk(inspecting.inspection, SUPERVISOR), name="inspection"),
    path("inspections/<int:number>/list/", desk(inspecting.listed, SUPERVISOR), name="inspection-list"),
    path("inspections/<int:number>/<str:ref>/", desk(inspecting.check, SUPERVISOR), name="inspection-check"),
    path("conference/", desk(conference.conference, REGISTRAR, SUPERVISOR), name="conference"),
    path("conference/new/", desk(conference.call, REGISTRAR, SUPERVISOR), name="meeting-new"),
    path("conference/<int:number>/", desk(conference.meeting, *CORRESPONDING), name="meeting"),
    path("officials/", desk(officials.report, SUPERVISOR), name="officials"),
    path("custody/", desk(custody.custody, *SECOND), name="custody"),
    path("custody/<str:ref>/", desk(custody.one, *SECOND), name="custody-one"),
    path("custody/<str:ref>/<slug:verb>/", desk(custody.decide, *SECOND), name="custody-decide"),
    path("audit/", desk(audit.audit, AUDITOR), name="audit"),
    path("audit/demands/", desk(audit.demands, AUDITOR), name="demands"),
    path("audit/exports/", desk(audit.exports, AUDITOR), name="exports"),
    path("audit/readings/", desk(audit.readings, AUDITOR), name="readings"),
    path("audit/pressure/", desk(audit.pressure, AUDITOR), name="pressure"),
    path("audit/changes/", desk(audit.changes, AUDITOR), name="changes"),
    # Keeping the house.
    path("bodies/", desk(bodies.bodies, ADMINISTRATOR), name="bodies"),
    path("bodies/new/", desk(bodies.body, ADMINISTRATOR), name="body-new"),
    path("bodies/<slug:code>/", desk(bodies.body, ADMINISTRATOR), name="body"),
    path("people/", desk(people.people, ADMINISTRATOR), name="people"),
    path("people/new/", desk(people.hire, ADMINISTRATOR), name="person-new"),
    path("people/<slug:login>/", desk(people.person, ADMINISTRATOR), name="person"),
    path("people/<slug:login>/roles/", desk(people.give_role, ADMINISTRATOR), name="give-role"),
    path("people/<slug:login>/roles/take/", desk(people.take_role, ADMINISTRATOR), name="take-role"),
    path("people/<slug:login>/password/", desk(people.new_password, ADMINISTRATOR), name="new-password"),
    path(
        "people/<slug:login>/second-factor/",
        desk(people.reset_second_factor, ADMINISTRATOR),
        name="reset-second-factor",
    ),
    path("people/<slug:login>/absence/", desk(absence.absence_of, ADMINISTRATOR), name="absence-of"),
]
