from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "jingwei.apps.papers"
    label = "papers"
