"""The law as data: a folder a jurisdiction, a file a version in force, and the calendars of working days."""
