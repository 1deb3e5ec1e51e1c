"""Who put a letter on record is told to whoever comes late."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0141_recalled")]

    operations = [
        migrations.AddField("paperletter", "taken_at", models.DateTimeField(null=True)),
        migrations.AddField("paperletter", "taken_by", models.BigIntegerField(null=True)),
    ]
