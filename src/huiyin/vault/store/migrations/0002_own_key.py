"""The author's own copy of a data key."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("keystore", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="OwnKey",
            fields=[
                (
                    "data_key",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="own",
                        serialize=False,
                        to="keystore.datakey",
                    ),
                ),
                ("wrapped", models.BinaryField()),
            ],
        ),
    ]
