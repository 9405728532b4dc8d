"""Hears the warnings of many calls. To catch them anew for each call would cost as much as the call itself."""

from __future__ import annotations

import warnings
from collections.abc import Sequence


class Ear:
    """A context manager: until it ends, every warning is heard, whatever an earlier call did to the filters."""

    def __enter__(self) -> Ear:
        self._listen()
        return self

    def __exit__(self, *exception: object) -> None:
        self._catching.__exit__(*exception)

    def fresh(self) -> Sequence[warnings.WarningMessage]:
        """An empty list, to which every warning from now on is added, as often as it is given."""
        untouched = (
            warnings.filters is self._filters
            and warnings.filters == self._rules
            and warnings.showwarning is self._showing
        )
        if not untouched:
            self._catching.__exit__(None, None, None)
            self._listen()
        self._heard.clear()
        return self._heard

    def _listen(self) -> None:
        self._catching = warnings.catch_warnings(record=True)
        self._heard = self._catching.__enter__()
        warnings.simplefilter("always")
        self._filters, self._rules, self._showing = warnings.filters, list(warnings.filters), warnings.showwarning
