"""Documents (公文) of the duty desk: what each kind says, its templates, numbers and proof."""
