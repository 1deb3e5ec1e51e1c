"""What a large registry is asked again and again, each by an index of its own. Nobody waits for their making."""

from django.db import migrations, models

from huiyin.registry.online import AddIndexOnline, RemoveIndexOnline

RUNS = models.Q(("carried_by", 0), ("state", "running"))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("registry", "0105_remind_on")]

    operations = [
        AddIndexOnline(
            "clock", models.Index(condition=RUNS, fields=["due", "id"], name="clock_by_due")
        ),
        RemoveIndexOnline("clock", "clock_due"),
        AddIndexOnline(
            "clock",
            models.Index(
                condition=models.Q(*RUNS.children, ("remind_on__isnull", False)),
                fields=["remind_on", "id"],
                name="clock_remind",
            ),
        ),
        AddIndexOnline(
            "clock",
            models.Index(
                condition=models.Q(("ended__isnull", True), ("name", "report")),
                fields=["petition"],
                name="clock_report_owed",
            ),
        ),
        AddIndexOnline(
            "outbox",
            models.Index(condition=models.Q(("sent_at__isnull", False)), fields=["entry"], name="outbox_sent"),
        ),
        AddIndexOnline(
            "petition",
            models.Index(fields=["holder", "is_open", "state", "next_due", "id"], name="petition_by_state"),
        ),
        AddIndexOnline(
            "petition",
            models.Index(
                condition=models.Q(("is_open", True), models.Q(("kind", "claim"), _negated=True)),
                fields=["holder", "kind", "next_due", "id"],
                name="petition_other_kinds",
            ),
        ),
        AddIndexOnline(
            "petition",
            models.Index(
                condition=models.Q(("is_open", True), ("next_due__isnull", False), _connector="OR"),
                fields=["holder", "next_due", "id"],
                name="petition_owing",
            ),
        ),
    ]
