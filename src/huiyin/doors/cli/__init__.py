"""The `huiyin` command: the same moves from a shell."""


def main() -> None:
    """Run the command."""
    from huiyin.doors.cli.commands import (
        huiyin,
    )  # loading is left to the call: `due` must not wait for Django

    huiyin()
