"""By which rules of masking the index and the vectors were made, so that they are made anew by better ones."""

from django.db import migrations, models

# Null and without a default: for another column SQLite would build the table anew and drop its triggers.


class Migration(migrations.Migration):
    dependencies = [("registry", "0095_answer_words")]

    operations = [
        migrations.AddField("indexed", "mask_version", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("commonwords", "mask_version", models.PositiveSmallIntegerField(null=True)),
    ]
