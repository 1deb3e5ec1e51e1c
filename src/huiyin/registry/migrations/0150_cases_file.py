# Lists of open cases of an older system that wait at the desk to be taken over, locked.


import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0149_assessment_entries'),
    ]

    operations = [
        migrations.CreateModel(
            name='CasesFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('state', models.CharField(default='columns', max_length=8)),
                ('problem', models.CharField(blank=True, default='', max_length=12)),
                ('columns', models.JSONField(default=dict)),
                ('lines', models.PositiveIntegerField(default=0)),
                ('gone_through', models.PositiveIntegerField(default=0)),
                ('outcomes', models.JSONField(default=dict)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('data_key', models.UUIDField(null=True)),
                ('told', models.BinaryField(null=True)),
                ('content', models.BinaryField(null=True)),
                ('report_key', models.UUIDField(null=True)),
                ('report_told', models.BinaryField(null=True)),
                ('report', models.BinaryField(null=True)),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('takeover', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='registry.takeover')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'at'], name='cases_file_waiting')],
            },
        ),
    ]
