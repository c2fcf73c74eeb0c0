"""Sign-in by the unified identity of a city (OpenID Connect), beside the node's own accounts."""
