"""The petitioner's door."""
