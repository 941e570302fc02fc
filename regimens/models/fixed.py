"""What is known by what it was when the first fact about it came in, and so no longer changes."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise


class FixedOnceRecorded(models.Model):
    """Some columns are fixed once something is recorded; a trigger (`fixed_once_recorded`) holds that too.

    `fixed`: the column, and what whoever wants it otherwise does instead.
    """

    fixed: ClassVar[Mapping[str, Promise]]

    class Meta:
        abstract = True

    @property
    def has_records(self) -> bool:
        raise NotImplementedError

    def check_fixed(self) -> None:
        """Raises ValidationError at each column that may not change any more."""
        before: Any = None if self.pk is None else type(self)._default_manager.filter(pk=self.pk).first()
        if before is None or not self.has_records:
            return
        problems = {name: what for name, what in self.fixed.items() if self._changes(name, before)}
        if problems:
            raise ValidationError(problems)

    def _changes(self, name: str, before: Any) -> bool:
        attribute = self._meta.get_field(name).attname
        return bool(getattr(self, attribute) != getattr(before, attribute))
