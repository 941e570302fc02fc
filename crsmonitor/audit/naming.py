"""What the administration calls a model and its fields, in the reader's language.

Said when the pages are registered and not where the model is: no migration has words in it.
"""

from typing import Any

from django.db.models import Field, Model


def call(model: type[Model], one: Any, many: Any, **fields: Any) -> None:
    """FieldDoesNotExist: the model has no such field."""
    model._meta.verbose_name, model._meta.verbose_name_plural = one, many
    for name, words in fields.items():
        field = model._meta.get_field(name)
        assert isinstance(field, Field)
        field.verbose_name = words
