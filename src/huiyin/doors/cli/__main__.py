"""`python -m huiyin.doors.cli`: the same command, for processes that start one another."""

from huiyin.doors.cli import main

main()
