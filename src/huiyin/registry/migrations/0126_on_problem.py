# Which problem of the public register a proposal is about.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0121_staff_directory'),
    ]

    operations = [
        migrations.CreateModel(
            name='OnProblem',
            fields=[
                ('letter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='on_problem', serialize=False, to='registry.bodyletter')),
                ('problem', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='registry.problem')),
            ],
        ),
    ]
