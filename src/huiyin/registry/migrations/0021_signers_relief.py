from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0019_inspections'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(fields=['lodged_at', 'id'], name='petition_by_age'),
        ),
        migrations.RemoveConstraint(
            model_name='relief',
            name='relief_open_once',
        ),
        migrations.AddField(
            model_name='relief',
            name='signature',
            field=models.UUIDField(null=True),
        ),
        migrations.AddConstraint(
            model_name='relief',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_on', None), ('signature', None)), fields=('petition', 'kind'), name='relief_open_once'),
        ),
        migrations.AddConstraint(
            model_name='relief',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_on', None), ('signature__isnull', False)), fields=('petition', 'kind', 'signature'), name='relief_open_once_each'),
        ),
    ]
