from django.apps import AppConfig


class AdviceConfig(AppConfig):
    name = "jingwei.apps.advice"
    label = "advice"
