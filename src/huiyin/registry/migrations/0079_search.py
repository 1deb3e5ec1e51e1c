"""The index of what can be searched: one table, and what each database needs beside it."""

import django.db.models.deletion
from django.db import migrations, models

import huiyin.registry.indexed

# FTS5 reads the words from our table; triggers tell it of each change. Tokens come ready: `ascii` takes every
# letter beyond ASCII as part of a word, so it only splits at spaces.
SQLITE = [
    """CREATE VIRTUAL TABLE registry_indexed_fts USING fts5(
        words, content='registry_indexed', content_rowid='petition_id', tokenize='ascii')""",
    """CREATE TRIGGER registry_indexed_new AFTER INSERT ON registry_indexed BEGIN
        INSERT INTO registry_indexed_fts(rowid, words) VALUES (new.petition_id, new.words); END""",
    """CREATE TRIGGER registry_indexed_gone AFTER DELETE ON registry_indexed BEGIN
        INSERT INTO registry_indexed_fts(registry_indexed_fts, rowid, words)
        VALUES ('delete', old.petition_id, old.words); END""",
    """CREATE TRIGGER registry_indexed_changed AFTER UPDATE OF words ON registry_indexed BEGIN
        INSERT INTO registry_indexed_fts(registry_indexed_fts, rowid, words)
        VALUES ('delete', old.petition_id, old.words);
        INSERT INTO registry_indexed_fts(rowid, words) VALUES (new.petition_id, new.words); END""",
]
# Each row gets the token of its slice, by which a search looks at the newest petitions first. The number of
# the petition is only known to the database, so the database adds it.
POSTGRES = [
    """CREATE FUNCTION registry_indexed_slice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        NEW.words := NEW.words || array_to_tsvector(ARRAY['s' || (NEW.petition_id >> 14)::text]);
        RETURN NEW; END $$""",
    """CREATE TRIGGER registry_indexed_new BEFORE INSERT ON registry_indexed
        FOR EACH ROW EXECUTE FUNCTION registry_indexed_slice()""",
    # What waits to be sorted into the index is read by every search: little of it, then.
    """CREATE INDEX registry_indexed_words ON registry_indexed USING gin (words)
        WITH (gin_pending_list_limit = 512)""",
]
UNDO_SQLITE = ["DROP TABLE registry_indexed_fts"]  # the triggers go with their table
UNDO_POSTGRES = ["DROP TRIGGER registry_indexed_new ON registry_indexed", "DROP FUNCTION registry_indexed_slice"]


def make(apps, schema_editor):
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def undo(apps, schema_editor):
    for statement in UNDO_POSTGRES if schema_editor.connection.vendor == "postgresql" else UNDO_SQLITE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("registry", "0092_petition_moved_at")]

    operations = [
        migrations.CreateModel(
            name="Indexed",
            fields=[
                (
                    "petition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registry.petition",
                    ),
                ),
                ("words", huiyin.registry.indexed.WordsField()),
            ],
            options={"ordering": []},
        ),
        migrations.RunPython(make, undo),
    ]
