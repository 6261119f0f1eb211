from django.db import migrations, models


class Migration(migrations.Migration):
    """Incidents by grade, counted and put in order from one index alone."""

    dependencies = [("incidents", "0002_merge_split_undo")]

    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                fields=[
                    "state",
                    "place",
                    "confirmed_grade",
                    "judged_grade",
                    "proposed_grade",
                    "last_at",
                    "id",
                ],
                name="incident_graded",
            ),
        ),
    ]
