"""What is printed: letters, the slip that proves a service, the case file. Opens no seal and decides nothing."""
