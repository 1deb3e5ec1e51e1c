"""Letters, proofs of service and attachments that an officer takes are on record as well."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("registry", "0052_opening")]

    operations = [
        migrations.AlterField(
            model_name="export",
            name="what",
            field=models.CharField(
                choices=[
                    ("case-pdf", "case file as PDF"),
                    ("case-zip", "case file as ZIP"),
                    ("year-csv", "figures of a year as CSV"),
                    ("letter-pdf", "letter as PDF"),
                    ("slip-pdf", "proof of service as PDF"),
                    ("file", "attachment"),
                ],
                max_length=10,
            ),
        ),
    ]
