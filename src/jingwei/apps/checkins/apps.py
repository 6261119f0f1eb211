from django.apps import AppConfig


class CheckinsConfig(AppConfig):
    name = "jingwei.apps.checkins"
    label = "checkins"
