from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tmam.web"
    label = "web"
