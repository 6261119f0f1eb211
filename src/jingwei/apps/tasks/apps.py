from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "jingwei.apps.tasks"
    label = "tasks"
