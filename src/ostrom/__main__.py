"""`python -m ostrom`: the same as the command `ostrom`."""

from ostrom.cli import main

if __name__ == "__main__":
    main()
