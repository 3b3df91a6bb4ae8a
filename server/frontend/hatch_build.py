"""The build hook: a wheel or an editable install carries the assets; without npm the pages stay plain."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))
import assets  # type: ignore[import-not-found] # beside this file; nothing is installed yet


class AssetsHook(BuildHookInterface[Any]):
    """Builds the assets where they are not there yet."""

    def dependencies(self) -> list[str]:
        """Return what the build needs from PyPI."""
        return list(assets.dependencies())

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - as hatchling calls it
        """Build the assets; raise AssetsError if that fails and CONVOCATION_REQUIRE_ASSETS=1 asks for them."""
        if self.target_name != "wheel" or assets.is_current():
            return
        try:
            assets.build()
        except assets.AssetsError as error:
            if assets.required():
                raise
            self.app.display_warning(f"The pages will be plain: {error}. Build their scripts later: convocation assets")
