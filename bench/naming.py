"""The side that `search` measures: sets Django up, then answers as `bench.ours.names` does."""

from __future__ import annotations


def main() -> None:
    """Answer until nobody asks."""
    from yincai.ops.start import set_up_django

    set_up_django()
    from bench.ours import names

    names.main()


if __name__ == "__main__":
    main()
