from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "tmam.orders"
    label = "orders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tmam.orders import (  # noqa: F401 - they register with their runners
            forget_buyer,
            hand_over,
            keep_person_orders,
        )
