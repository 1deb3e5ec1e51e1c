"""The api's door."""
