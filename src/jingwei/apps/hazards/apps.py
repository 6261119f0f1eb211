from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "jingwei.apps.hazards"
    label = "hazards"
    default_auto_field = "django.db.models.BigAutoField"
