"""What happens without a person: terms that run out, reminders, notices, dates that a calendar moves.

Every duty may be killed at any moment, run twice, or run in two processes at once: what is already done is
refused by `perform` or by a unique row, and what is not done is found again by the next look.
"""
