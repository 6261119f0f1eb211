from django.apps import AppConfig


class HospitalsConfig(AppConfig):
    name = "jingwei.apps.hospitals"
    label = "hospitals"
