"""`/wallet/`: the offline wallet, an installable page that shows tickets without a connection."""
