# The figures of a body are found by day, and not among all the days that something is due on.

from django.db import migrations, models

from huiyin.registry.online import AddIndexOnline


class Migration(migrations.Migration):

    atomic = False
    dependencies = [
        ('registry', '0135_letters_waiting'),
    ]

    operations = [
        AddIndexOnline(
            model_name='boardfigure',
            index=models.Index(fields=['holder', 'day'], name='board_figure_of_body'),
        ),
    ]
