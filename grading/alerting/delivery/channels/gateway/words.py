"""A message as a gateway's services show it: a title and a text."""

from grading.alerting.delivery.notification import Notification


def title_and_body(notification: Notification) -> dict[str, str]:
    return {"title": notification.subject, "body": notification.body}
