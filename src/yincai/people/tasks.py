"""The room's jobs: send a letter, sweep what no limit looks at."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yincai.foundation import vault
from yincai.people import actions, forgetting, letters, sessions


@app.task(name="people.send_letter", retry=RetryStrategy(max_attempts=12, exponential_wait=3))
def send_letter(*, letter_id: str) -> None:
    """Send one letter; tried again, ever later, while the mail server is away."""
    letters.send(UUID(letter_id))


@app.task(name="people.make_reset_code", retry=RetryStrategy(max_attempts=5, wait=2))
def make_reset_code(*, reset_id: str) -> None:
    """Find out whose phone a code goes to, and make it."""
    actions.make_reset_code(UUID(reset_id))


@app.task(name=forgetting.DESTROY, retry=RetryStrategy(max_attempts=50, wait=60))
def destroy_key(*, account: str) -> None:
    """Destroy one person's key; tried again for an hour should the vault be away."""
    vault.destroy(UUID(account))


@app.periodic(cron="41 * * * *")
@app.task(name="people.destroy_keys_again", queueing_lock="people.destroy_keys_again")
def destroy_keys_again(timestamp: int) -> None:
    """Destroy what a restored copy of the vault brought back."""
    actions.destroy_again()


@app.periodic(cron="17 * * * *")
@app.task(name="people.forget_old_attempts", queueing_lock="people.forget_old_attempts")
def forget_old_attempts(timestamp: int) -> None:
    """Delete counts that no limit looks at any more, and requests for codes that are over."""
    actions.forget_old_attempts()
    actions.forget_old_resets()
    actions.forget_old_contact_codes()


@app.periodic(cron="27 * * * *")
@app.task(name="people.forget_ended_sessions", queueing_lock="people.forget_ended_sessions")
def forget_ended_sessions(timestamp: int) -> None:
    """Delete sessions that are over, and what was noted about their browsers."""
    sessions.forget_ended_sessions()
