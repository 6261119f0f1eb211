from django.apps import AppConfig


class SheltersConfig(AppConfig):
    name = "jingwei.apps.shelters"
    label = "shelters"
