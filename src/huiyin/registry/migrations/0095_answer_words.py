"""What can be searched of published answers: a row of tokens beside each."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0085_problems'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnswerWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('page', models.CharField(max_length=40)),
                ('on', models.DateField()),
                ('words', models.TextField()),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.body')),
            ],
            options={
                'ordering': ['-on', '-id'],
                'indexes': [models.Index(fields=['-on', '-id'], name='answer_words_newest')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'page'), name='answer_words_of_one')],
            },
        ),
    ]
