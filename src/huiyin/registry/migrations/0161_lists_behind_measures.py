# What the lists behind a measure are found by.

from django.db import migrations, models

from huiyin.registry.online import AddIndexOnline


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('registry', '0160_year_figures'),
    ]

    operations = [
        AddIndexOnline(
            model_name='clock',
            index=models.Index(condition=models.Q(('state', 'missed')), fields=['name', 'start'], name='clock_not_kept'),
        ),
        AddIndexOnline(
            model_name='entry',
            index=models.Index(condition=models.Q(('event', 'extended')), fields=['recorded_at'], name='entry_extended'),
        ),
    ]
