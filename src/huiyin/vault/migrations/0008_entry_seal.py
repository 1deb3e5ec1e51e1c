"""What moves on a report said in words lies under seal as the report does."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0052_opening"),
        ("vault", "0007_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="EntrySeal",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registry.entry",
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("data_key", models.UUIDField()),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.petition"
                    ),
                ),
            ],
        ),
    ]
