"""The administration speaks Chinese: models, their fields, what is chosen from, and what is names beside them."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import override

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting

CHINESE = re.compile(r"[\u4e00-\u9fff]")
THIRD_PARTY = {"auth"}  # whose words are Django's own


def words():
    for model in admin.site._registry:
        meta = model._meta
        if meta.app_label in THIRD_PARTY:
            continue
        yield meta.label, "app", meta.app_config.verbose_name
        yield meta.label, "one", meta.verbose_name
        yield meta.label, "many", meta.verbose_name_plural
        for field in (*meta.fields, *meta.many_to_many):
            if not field.editable or field.auto_created:
                continue
            yield meta.label, field.name, field.verbose_name
            if getattr(field, "help_text", ""):
                yield meta.label, f"help of {field.name}", field.help_text


def test_no_model_and_no_field_is_called_in_english():
    with override("zh-hant"):
        names = [(label, what, str(text)) for label, what, text in words()]

    assert len(names) > 90
    assert [one for one in names if not CHINESE.search(one[2])] == []


@pytest.mark.django_db
def test_its_pages_say_them(client, django_user_model, world):
    with acting(by="test", reason="who runs the server"):
        root = django_user_model.objects.create_superuser("words.root", "root@example.org", "a-long-password-here")
    client.force_login(root)
    client.cookies["django_language"] = "zh-hant"
    pages = {
        name: client.get(reverse(f"admin:{name}")).content.decode()
        for name in ("index", "regimens_membership_changelist", "regimens_membership_add", "grading_phonetree_add")
    }

    assert "給藥方案" in pages["index"]
    assert ">角色<" in pages["regimens_membership_changelist"]  # the column
    assert "護理組長" in pages["regimens_membership_changelist"]
    assert [role for role in Role if f">{role.value}<" in pages["regimens_membership_changelist"]] == []
    assert [role for role in Role if f">{role.value}<" in pages["regimens_membership_add"]] == []
    assert "不得寫入受試者姓名" in pages["grading_phonetree_add"]
