"""Serve the page: ``python app.py [--host 127.0.0.1] [--port 7860]``."""

import argparse
import sys

from assistant.errors import SettingsError


def main() -> int:
    """Read the arguments and settings, then serve until stopped."""
    parser = argparse.ArgumentParser(prog="app.py", description="Serve the Guideline Assistant.")
    parser.add_argument("--host", default="127.0.0.1", help="default: this machine only")
    parser.add_argument("--port", type=int, default=7860)
    parser.add_argument("--store", help="a folder, or http://host:port")
    arguments = parser.parse_args()

    from assistant.interfaces.ui import serve
    from assistant.settings import Settings

    try:
        settings = Settings.load(store=arguments.store)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    return serve(settings, arguments.host, arguments.port)


if __name__ == "__main__":
    sys.exit(main())
