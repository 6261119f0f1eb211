from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "jingwei.apps.reports"
    label = "reports"
