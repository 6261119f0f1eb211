from django.apps import AppConfig


class SitrepsConfig(AppConfig):
    name = "jingwei.apps.sitreps"
    label = "sitreps"
