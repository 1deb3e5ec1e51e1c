"""What tells of a sealed file, by a name that says so."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("registry", "0031_erasure")]

    operations = [migrations.RenameField("attachment", "label", "locked")]
