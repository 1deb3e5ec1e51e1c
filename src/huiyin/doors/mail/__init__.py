"""E-mail as a door: a message becomes a petition, or adds to one; the receipt goes back."""
