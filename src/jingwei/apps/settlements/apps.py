from django.apps import AppConfig


class SettlementsConfig(AppConfig):
    name = "jingwei.apps.settlements"
    label = "settlements"
