from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "jingwei.apps.clock"
    label = "clock"
