"""What is set up once for every door: settings, addresses, the shared look, start-up checks."""
