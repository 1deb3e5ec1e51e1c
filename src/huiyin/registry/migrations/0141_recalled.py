# How a hand-over stands that was taken back; the check is a wider one in place of a narrower.

from django.db import migrations, models

from huiyin.registry.online import AddCheckOnline


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0140_takeovers'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='crossing',
            name='crossing_state_known',
        ),
        AddCheckOnline(
            model_name='crossing',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('begun', 'offered', 'taken', 'sealed', 'refused', 'called-back', 'objected', 'returned', 'arrived', 'adopted', 'recalled', 'at-both'))), name='crossing_state_known'),
        ),
    ]
