"""``python -m stresstest``: the same program as the ``stresstest`` command and ``run.py``."""

from stresstest.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
