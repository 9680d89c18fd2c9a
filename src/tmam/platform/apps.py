from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "tmam.platform"
    label = "platform"
    default_auto_field = "django.db.models.BigAutoField"
