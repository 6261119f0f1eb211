from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "jingwei.apps.releases"
    label = "releases"
