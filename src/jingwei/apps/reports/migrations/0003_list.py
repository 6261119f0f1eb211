from django.db import migrations, models


class Migration(migrations.Migration):
    """The list of reports, and the counts of its tabs, from one index alone."""

    dependencies = [("reports", "0002_photos_public")]

    operations = [
        migrations.RemoveIndex(model_name="report", name="report_received"),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["-received_at", "-id", "place", "flags"], name="report_list"),
        ),
    ]
