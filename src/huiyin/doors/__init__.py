"""THE DOORS: each turns its input into a move or a lodging and renders what comes back."""
