# The steps of yearly assessments as entries of the public log; those made before are entered with their day.

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from huiyin.registry import assessment_log


def enter_earlier(apps, schema_editor):
    now = timezone.now()
    for kept in apps.get_model('registry', 'Assessment').objects.order_by('pk'):
        assessment_log.enter(kept, now)


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0145_letter_taken'),
    ]

    operations = [
        migrations.CreateModel(
            name='AssessmentEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(max_length=8)),
                ('recorded_at', models.DateTimeField()),
                ('number', models.BigIntegerField(null=True, unique=True)),
                ('public', models.BinaryField(max_length=400)),
                ('salt', models.BinaryField(max_length=32)),
                ('opening', models.JSONField()),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='registry.assessment')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('number', None)), fields=['id'], name='assessment_entry_unnumbered')],
                'constraints': [models.UniqueConstraint(fields=('assessment', 'step'), name='assessment_step_once'), models.CheckConstraint(condition=models.Q(('step__in', ('issued', 'objected', 'decided'))), name='assessment_step_known')],
            },
        ),
        migrations.RunPython(enter_earlier, migrations.RunPython.noop),
    ]
