# What the boards show, counted by the clerk beforehand.

import datetime
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0126_on_problem'),
    ]

    operations = [
        migrations.CreateModel(
            name='BoardReach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('accused', models.JSONField(default=list)),
                ('auditor', models.CharField(blank=True, max_length=64)),
                ('waiting', models.BooleanField(default=False)),
                ('owing', models.JSONField(default=list)),
                ('supervised', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='BoardAnew',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.petition')),
            ],
        ),
        migrations.CreateModel(
            name='BoardRound',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('upto', models.BigIntegerField(default=0)),
                ('walked', models.BigIntegerField(default=0, null=True)),
                ('day', models.DateField()),
                ('law', models.CharField(max_length=120)),
                ('counted_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_board_round')],
            },
        ),
        migrations.CreateModel(
            name='BoardFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('figure', models.CharField(max_length=160)),
                ('day', models.DateField(default=datetime.date(1, 1, 1))),
                ('n', models.BigIntegerField()),
                ('holder', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.body')),
                ('reach', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.boardreach')),
            ],
            options={
                'indexes': [models.Index(fields=['figure', 'day'], name='board_figure_by_day'), models.Index(condition=models.Q(('n', 0)), fields=['id'], name='board_figure_empty')],
                'constraints': [models.UniqueConstraint(fields=('holder', 'figure', 'day', 'reach'), name='board_figure_once')],
            },
        ),
        migrations.CreateModel(
            name='BoardShare',
            fields=[
                ('petition', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='registry.petition')),
                ('figures', models.JSONField(default=list)),
                ('until', models.DateField(null=True)),
                ('holder', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.body')),
                ('reach', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.boardreach')),
            ],
            options={
                'indexes': [models.Index(fields=['until'], name='board_share_turns')],
            },
        ),
    ]
