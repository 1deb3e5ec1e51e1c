import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0007_signatures'),
        ('vault', '0004_relief'),
    ]

    operations = [
        migrations.CreateModel(
            name='SignerContact',
            fields=[
                ('signature', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='registry.signature')),
                ('sealed', models.BinaryField()),
                ('key_id', models.CharField(max_length=16)),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.petition')),
            ],
        ),
    ]
