"""A folder of report files: those of this run stay, those of an earlier one go."""

from __future__ import annotations

from pathlib import Path


class Shelf:
    """Files with one ending in one folder. Raises OSError where it cannot be written to."""

    def __init__(self, folder: Path, ending: str) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.ending = folder, ending
        self.written: list[Path] = []

    def put(self, stem: str, text: str) -> None:
        path = self.folder / f"{stem}{self.ending}"
        path.write_text(text, "utf-8", newline="\n")
        self.written.append(path)

    def sweep(self) -> list[Path]:
        """Remove what this run has not written; returns what it has."""
        for stale in set(self.folder.glob(f"*{self.ending}")) - set(self.written):
            stale.unlink()
        return self.written
