#!/usr/bin/env python3
"""Django's own commands, for those who build: everything an operator needs is in `huiyin`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.site.settings")
    # A developer's tools see the whole house; a server never does.
    os.environ.setdefault("HUIYIN_ZONE", "all")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
