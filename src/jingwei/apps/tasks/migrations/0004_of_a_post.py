from django.db import migrations, models


class Migration(migrations.Migration):
    """What waits for one post, without looking through the orders of all."""

    dependencies = [("tasks", "0003_list")]

    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["to_post", "state", "to_organization", "due_at", "issued_at", "id"],
                name="task_to_post",
            ),
        ),
    ]
