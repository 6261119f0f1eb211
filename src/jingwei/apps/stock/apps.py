from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "jingwei.apps.stock"
    label = "stock"
