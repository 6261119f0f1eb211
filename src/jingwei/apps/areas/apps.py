from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "jingwei.apps.areas"
    label = "areas"
