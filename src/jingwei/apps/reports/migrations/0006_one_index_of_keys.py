from django.db import migrations


class Migration(migrations.Migration):
    """The index that keeps a report once finds its key too; one index less is written for each report."""

    dependencies = [
        ("reports", "0005_report_files"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="report", name="report_key"),
    ]
