from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "jingwei.apps.dispatch"
    label = "dispatch"
