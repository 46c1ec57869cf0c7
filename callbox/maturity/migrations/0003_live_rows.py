from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("maturity", "0002_plans_and_peers")]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="live",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="source",
            field=models.CharField(
                choices=[
                    ("upload", "Files of the agency's networks"),
                    ("own record", "What Callbox itself recorded"),
                    ("quick check", "Quick check"),
                    ("pack", "Imported proof pack"),
                ],
                max_length=16,
            ),
        ),
    ]
