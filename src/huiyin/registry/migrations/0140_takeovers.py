# Open cases of older systems, taken over with their own days.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0131_board_figure_of_body'),
    ]

    operations = [
        migrations.CreateModel(
            name='Takeover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=60, unique=True)),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='clock',
            name='claimed',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='petition',
            name='brought_in_at',
            field=models.DateTimeField(null=True),
        ),
    ]
