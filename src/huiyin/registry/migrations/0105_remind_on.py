"""When the clerk must look whether to remind of a term. Constant, so that no row is written for it."""

import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0093_topic_outcomes")]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="remind_on",
            field=models.DateField(db_default=datetime.date(1900, 1, 1), null=True),
        ),
    ]
