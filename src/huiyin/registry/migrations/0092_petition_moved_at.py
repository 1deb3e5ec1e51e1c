"""When the last step on a petition happened, so that an inbox can be in that order."""

from django.db import migrations, models
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    entries = apps.get_model("registry", "Entry").objects.exclude(event="notice-sent")
    last = entries.filter(petition=OuterRef("pk")).order_by().values("petition")
    last = last.annotate(at=Max(Coalesce("claimed_at", "recorded_at"))).values("at")
    petitions = apps.get_model("registry", "Petition").objects
    petitions.update(moved_at=Coalesce(Subquery(last), "lodged_at"))


class Migration(migrations.Migration):
    dependencies = [("registry", "0078_entry_missed")]

    operations = [
        migrations.AddField("petition", "moved_at", models.DateTimeField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("petition", "moved_at", models.DateTimeField()),
        migrations.AddIndex(
            "petition",
            models.Index(fields=["holder", "is_open", "lodged_at", "id"], name="petition_inbox_by_age"),
        ),
        migrations.AddIndex(
            "petition",
            models.Index(fields=["holder", "is_open", "moved_at", "id"], name="petition_inbox_by_step"),
        ),
    ]
