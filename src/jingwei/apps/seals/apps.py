from django.apps import AppConfig


class SealsConfig(AppConfig):
    name = "jingwei.apps.seals"
    label = "seals"
