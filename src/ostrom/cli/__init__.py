"""The command line: every verb reads what it is given, calls the public API and prints what that returns."""


def main() -> None:
    """Run the command `ostrom` with the arguments of this process."""
    from ._app import run

    run()
