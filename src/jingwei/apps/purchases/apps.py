from django.apps import AppConfig


class PurchasesConfig(AppConfig):
    name = "jingwei.apps.purchases"
    label = "purchases"
