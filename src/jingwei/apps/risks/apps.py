from django.apps import AppConfig


class RisksConfig(AppConfig):
    name = "jingwei.apps.risks"
    label = "risks"
