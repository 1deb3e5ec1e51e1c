"""How the topics that a model named stood up to what officers decided, in sums."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0097_mask_version")]

    operations = [
        migrations.CreateModel(
            name="TopicOutcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("model", models.CharField(max_length=16)),
                ("said", models.CharField(max_length=60)),
                ("unsure", models.BooleanField()),
                ("decided", models.CharField(blank=True, max_length=60)),
                ("petitions", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "model", "said", "unsure", "decided"), name="topic_outcome_once"
                    )
                ],
            },
        ),
    ]
