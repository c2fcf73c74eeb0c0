"""The script of an exercise: what is wrong with it, and its way to a spreadsheet and back."""
