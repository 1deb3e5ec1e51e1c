# Letters on paper that wait to be put on record, locked.


import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0130_board_figures'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperLetter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('body', models.CharField(db_index=True, max_length=40)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='PaperFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('body', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
                ('blank_parts', models.BooleanField(default=False)),
                ('state', models.CharField(default='waiting', max_length=8)),
                ('problem', models.CharField(blank=True, default='', max_length=12)),
                ('pages', models.PositiveSmallIntegerField(default=0)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('data_key', models.UUIDField(null=True)),
                ('told', models.BinaryField(null=True)),
                ('content', models.BinaryField(null=True)),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PaperPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(blank=True, default='', max_length=8)),
                ('turned', models.PositiveSmallIntegerField(default=0)),
                ('wide', models.PositiveSmallIntegerField()),
                ('high', models.PositiveSmallIntegerField()),
                ('data_key', models.UUIDField()),
                ('told', models.BinaryField()),
                ('content', models.BinaryField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held', to='registry.paperfile')),
                ('letter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pages', to='registry.paperletter')),
            ],
        ),
        migrations.AddIndex(
            model_name='paperfile',
            index=models.Index(fields=['body', 'state', 'at'], name='paper_file_waiting'),
        ),
        migrations.AddConstraint(
            model_name='paperfile',
            constraint=models.UniqueConstraint(fields=('body', 'digest'), name='paper_file_once'),
        ),
        migrations.AddConstraint(
            model_name='paperpage',
            constraint=models.UniqueConstraint(fields=('file', 'number'), name='paper_page_once'),
        ),
    ]
