from django.db import migrations, models


class Migration(migrations.Migration):
    """What holds for every line of a file is said once, beside which column is which."""

    dependencies = [("registers", "0008_since")]

    operations = [
        migrations.AddField(
            model_name="import",
            name="always",
            field=models.JSONField(default=dict),
        ),
    ]
