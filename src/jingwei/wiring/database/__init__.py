"""Django's database adapters with what a node needs on top of them."""
