"""What django-allauth is told to do otherwise here."""
