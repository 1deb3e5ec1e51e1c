"""Which key of the author's a data key is closed for: they may get a new one."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("keystore", "0003_erased")]

    operations = [
        migrations.AddField("ownkey", "reader", models.CharField(default="", max_length=16)),
    ]
