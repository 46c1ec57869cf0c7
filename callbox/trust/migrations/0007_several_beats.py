from django.db import migrations, models


def every_choice_is_kept(apps, schema_editor):
    """One beat becomes a list of one, in what stands and in what waits for its owner's yes."""
    beats = apps.get_model("people", "Beat").objects.using(schema_editor.connection.alias)
    rows = apps.get_model("trust", "Subscription").objects.using(schema_editor.connection.alias)
    for number in rows.exclude(beat=None).exclude(state="ended").order_by().values_list("beat", flat=True).distinct():
        rows.filter(beat=number).exclude(state="ended").update(beats=f" {number} ")
    for row in rows.exclude(wanted={}).iterator():
        code = row.wanted.pop("beat", "")
        found = beats.filter(agency=row.agency_id, code=code).values_list("pk", flat=True) if code else ()
        row.wanted["beats"] = list(found)
        row.save(update_fields=["wanted"])


class Migration(migrations.Migration):
    dependencies = [("trust", "0006_a_decision_stays")]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="beats",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(every_choice_is_kept, migrations.RunPython.noop),
    ]
