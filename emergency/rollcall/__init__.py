"""Roll calls over the links: who is at the desk, and how soon they answer."""
