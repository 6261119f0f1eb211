from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "jingwei.apps.needs"
    label = "needs"
