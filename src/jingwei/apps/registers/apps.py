from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "jingwei.apps.registers"
    label = "registers"
