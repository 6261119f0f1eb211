from django.apps import AppConfig


class NeedlistsConfig(AppConfig):
    name = "jingwei.apps.needlists"
    label = "needlists"
