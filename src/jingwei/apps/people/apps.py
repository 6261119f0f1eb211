from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "jingwei.apps.people"
    label = "people"
