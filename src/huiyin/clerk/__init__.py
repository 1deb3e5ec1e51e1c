"""What happens without a person: lapses, breaches, reminders, notices, dates reckoned anew."""
