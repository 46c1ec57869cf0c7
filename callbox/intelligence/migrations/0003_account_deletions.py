"""An account that is deleted takes its posts along: they are found by its pseudonym, those on their way too."""

from django.db import migrations, models


def forget_what_is_on_its_way(apps, schema_editor):
    """Drop the notes of the last day: they do not say by whom a post is. What they stood for is kept, or comes within seconds."""
    apps.get_model("intelligence", "Listening").objects.update(on_the_way={})


class Migration(migrations.Migration):

    dependencies = [
        ('intelligence', '0002_listening'),
        ('people', '0007_agencies_of_drills'),
    ]

    operations = [
        migrations.RunPython(forget_what_is_on_its_way, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='sighting',
            index=models.Index(fields=['agency', 'pseudonym'], name='sighting_of_account'),
        ),
    ]
