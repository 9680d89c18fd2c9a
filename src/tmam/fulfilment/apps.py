from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "tmam.fulfilment"
    label = "fulfilment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tmam.fulfilment.apple import changes, hand_over, jobs  # noqa: F401 - they register with their runners
        from tmam.fulfilment.google import consumers  # noqa: F401 - it registers with its runner
