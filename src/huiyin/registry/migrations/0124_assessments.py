# What a year came to, body by body; what it objected to and what was decided.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0108_follow_ids'),
    ]

    operations = [
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('rulebook', models.CharField(max_length=40)),
                ('formula', models.JSONField()),
                ('record', models.JSONField()),
                ('points', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('log_size', models.PositiveBigIntegerField(default=0)),
                ('log_root', models.CharField(blank=True, max_length=64)),
                ('object_by', models.DateField()),
                ('issued_at', models.DateTimeField()),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='registry.body')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-year', 'body__path'],
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=24)),
                ('reasons', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('decide_by', models.DateField()),
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='objection', to='registry.assessment')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decided', models.CharField(choices=[('upheld', 'The objection is right: the item is left out'), ('dismissed', 'The objection is not right: the item stays')], max_length=10)),
                ('reasons', models.TextField()),
                ('decided_at', models.DateTimeField()),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('objection', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='registry.objection')),
            ],
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(fields=('body', 'year'), name='assessed_once'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('decided__in', ['upheld', 'dismissed'])), name='objection_decided_known'),
        ),
    ]
