"""What the room does in the background: send SMS."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from yincai.messages import actions, jobs


@app.task(name=jobs.SEND_SMS, queue="default", retry=jobs.Patience())
def send_sms(*, message_id: str) -> None:
    """Send one SMS; tried again, ever later, while the gateway is away."""
    actions.send_sms(UUID(message_id))
