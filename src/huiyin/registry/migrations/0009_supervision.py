from django.db import migrations, models


def look_once(apps, schema_editor):
    """What is late or disputed already stands on a supervisor's list from the first day."""
    Petition = apps.get_model('registry', 'Petition')
    Clock = apps.get_model('registry', 'Clock')
    missed = Clock.objects.filter(state='missed', ended=None, carried_by=0, on_due='breach').exclude(kind='house')
    Petition.objects.filter(
        models.Q(pk__in=missed.values('petition')) | models.Q(remedy='disputed')
    ).update(to_supervise=True)


def reports_are_set_by_order(apps, schema_editor):
    apps.get_model('registry', 'Clock').objects.filter(name='report', unit='set').update(kind='order')


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0008_composing'),
    ]

    operations = [
        migrations.AddField(
            model_name='petition',
            name='to_supervise',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(look_once, migrations.RunPython.noop),
        migrations.RunPython(reports_are_set_by_order, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(condition=models.Q(('to_supervise', True)), fields=['next_due', 'id'], name='petition_to_supervise'),
        ),
    ]
