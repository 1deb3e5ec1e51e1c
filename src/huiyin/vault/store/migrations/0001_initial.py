"""The key store's one table."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("purpose", models.CharField(max_length=10)),
                ("key_id", models.CharField(max_length=16)),
                ("wrapped", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(fields=["purpose", "key_id", "id"], name="datakey_by_pair")],
            },
        ),
    ]
