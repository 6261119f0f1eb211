from django.apps import AppConfig


class RoadsConfig(AppConfig):
    name = "jingwei.apps.roads"
    label = "roads"
