"""The archive package of a closed incident: all that was written about it, with its proof."""
