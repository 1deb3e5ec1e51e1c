"""The very source that runs here, for whoever wants to read, check or reuse it (EUPL-1.2, art. 3)."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import huiyin

HOUSE = Path(huiyin.__file__).parent


@require_safe
def source(request: HttpRequest) -> HttpResponse:
    return render(request, "public/source.html", {"version": huiyin.__version__})


@require_safe
def archive(_request: HttpRequest) -> HttpResponse:
    """The installed package, file by file; it holds no setting, key or petition of this installation."""
    response = HttpResponse(_packed(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="huiyin-{huiyin.__version__}.zip"'
    return response


@cache
def _packed() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for path in sorted(HOUSE.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                made.write(path, Path("huiyin") / path.relative_to(HOUSE))
    return out.getvalue()
