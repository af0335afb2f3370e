"""Where `veille` and `python -m aggregator` begin."""

from aggregator.cli.main import main

if __name__ == "__main__":
    main()
