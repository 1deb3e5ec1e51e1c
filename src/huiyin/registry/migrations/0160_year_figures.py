# What the measures of a year read, counted by the clerk beforehand beside the boards.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0150_cases_file'),
    ]

    operations = [
        migrations.AddField(
            model_name='boardround',
            name='measured',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name='YearFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.CharField(blank=True, max_length=41)),
                ('year', models.PositiveSmallIntegerField()),
                ('figure', models.CharField(max_length=100)),
                ('n', models.BigIntegerField()),
                ('holder', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.body')),
                ('reach', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.boardreach')),
            ],
            options={
                'indexes': [models.Index(fields=['body', 'year'], name='year_figure_of_body'), models.Index(condition=models.Q(('n', 0)), fields=['id'], name='year_figure_empty')],
                'constraints': [models.UniqueConstraint(fields=('holder', 'year', 'body', 'figure', 'reach'), name='year_figure_once')],
            },
        ),
    ]
