from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "jingwei.apps.assessments"
    label = "assessments"
