from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "jingwei.apps.agencies"
    label = "agencies"
