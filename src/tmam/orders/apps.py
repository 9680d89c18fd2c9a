from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "tmam.orders"
    label = "orders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tmam.orders import person_orders  # noqa: F401 - registers the consumer
