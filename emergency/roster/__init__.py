"""The roster: shifts, who is on duty in them, swaps; told to the nodes it is published to."""
