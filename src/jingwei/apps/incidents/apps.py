from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "jingwei.apps.incidents"
    label = "incidents"
