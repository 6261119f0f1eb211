from django.apps import AppConfig


class RostersConfig(AppConfig):
    name = "jingwei.apps.rosters"
    label = "rosters"
