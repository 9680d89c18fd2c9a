from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "tmam.fulfilment"
    label = "fulfilment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tmam.fulfilment.links import hand_over  # noqa: F401 - it registers itself
        from tmam.fulfilment.links.stop_links import forget_links
        from tmam.orders.forget_buyer import forgets_orders

        forgets_orders(forget_links)
