from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "jingwei.apps.plans"
    label = "plans"
