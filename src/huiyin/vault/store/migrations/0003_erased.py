"""What was erased."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("keystore", "0002_own_key")]

    operations = [
        migrations.CreateModel(
            name="Erased",
            fields=[
                ("ref", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("on", models.DateField()),
                ("complete_on", models.DateField()),
                ("ground", models.CharField(max_length=40)),
            ],
        ),
    ]
