"""Reading texts: pure functions from words to words. Nothing here knows who wrote them, or keeps any."""
