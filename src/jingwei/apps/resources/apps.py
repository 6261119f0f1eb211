from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "jingwei.apps.resources"
    label = "resources"
