"""A process that builds the packets that wait, and nothing else: `python -m tests.faults.rig.builder`."""

import django


def main() -> None:
    django.setup()
    from grading.exports.tasks import build_packets

    build_packets()


if __name__ == "__main__":
    main()
