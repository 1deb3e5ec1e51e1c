"""Each seal gets a data key of its own. Nothing is opened: what was one box moves into the key store as it is."""

from uuid import uuid4

from django.db import migrations, models

PURPOSES = {
    "IdentitySeal": "identity",
    "ContactSeal": "courier",
    "SignerSeal": "identity",
    "SignerContact": "courier",
    "RepresentativesSeal": "identity",
    "ReliefSeal": "relief",
}


def move_boxes(apps, schema_editor):
    DataKey = apps.get_model("keystore", "DataKey")
    for name, purpose in PURPOSES.items():
        model = apps.get_model("vault", name)
        for row in model.objects.using(schema_editor.connection.alias).iterator():
            row.data_key = uuid4()
            DataKey.objects.using("keys").create(
                id=row.data_key, purpose=purpose, key_id=row.key_id, wrapped=bytes(row.sealed)
            )
            row.sealed = b""
            row.save(update_fields=["data_key", "sealed"])


class Migration(migrations.Migration):

    dependencies = [
        ("vault", "0005_signer_contact"),
        ("keystore", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Spent",
            fields=[("data_key", models.UUIDField(primary_key=True, serialize=False))],
        ),
        *(
            migrations.AddField(name, "data_key", models.UUIDField(null=True))
            for name in (each.lower() for each in PURPOSES)
        ),
        migrations.RunPython(move_boxes, migrations.RunPython.noop),
        *(
            migrations.AlterField(name, "data_key", models.UUIDField())
            for name in (each.lower() for each in PURPOSES)
        ),
        *(migrations.RemoveField(name, "key_id") for name in (each.lower() for each in PURPOSES)),
    ]
