"""Every process of the platform: its command, its user and what it is told."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from yincai.ops.database import addresses
from yincai.ops.running.crew import Crew
from yincai.ops.running.environment import environment_for
from yincai.ops.running.layout import SOURCE, Layout, open_log, password_file_for
from yincai.ops.running.other_portal import told_of_portal
from yincai.ops.running.ports import Ports
from yincai.ops.running.supervisor import Service
from yincai.ops.system_users import SystemUser, myself

KEEP_RUNNING = ("worker", "reader", "signer", "web")


@dataclass(frozen=True)
class Database:
    """How the owner and the application reach the database; `socket` is set for the embedded one."""

    owner_url: str
    application_url: str
    socket: Path | None = None


@dataclass(frozen=True)
class Services:
    """Makes the services of one installation."""

    layout: Layout
    crew: Crew
    ports: Ports
    database: Database
    given: Mapping[str, str]

    def ours(self, name: str) -> Service:
        """One of our own commands as a service: migrate, demo, web, worker, reader or signer."""
        user = self.user_of(name)
        return Service(
            name=name,
            command=[sys.executable, "-m", "yincai", name],
            environment=environment_for(name, given=self.given, more=self._told(name, user)),
            user=user,
            log=open_log(self.layout, name),
            umask=0o022 if name == "migrate" else 0o007,  # everybody may read style sheets
        )

    def sandbox(self, *arguments: str, name: str = "sandbox") -> Service:
        """A command of the sandbox, which knows nothing of the platform's secrets."""
        return Service(
            name=name,
            command=[sys.executable, "-m", "yincai_sandbox", *arguments, "--data", str(self.layout.sandbox)],
            environment=environment_for("sandbox", given=self.given, more={"PYTHONPATH": str(SOURCE)}),
            user=self.crew.sandbox,
            log=open_log(self.layout, name),
        )

    def user_of(self, name: str) -> SystemUser:
        """Who runs it: the steps of the start run as whoever starts, the processes as the crew says."""
        if name == "migrate":
            return myself()
        return self.crew.signer if name == "signer" else self.crew.web

    def _told(self, name: str, user: SystemUser) -> dict[str, str]:
        return {
            **self.layout.exported(),
            **self.ports.exported(),
            **self._portal(),
            **self._receiver(),
            "PYTHONPATH": str(SOURCE),
            "PORT": str(self.ports.web),
            "YINCAI_SUPERVISED": "1",
            "DATABASE_URL": self.database.owner_url if name == "migrate" else self._application_url(user),
            "YINCAI_APPLICATION_ROLE": addresses.APPLICATION if self.database.socket else "",
            "YINCAI_DATABASE_POOL": "true",
            "PROMETHEUS_MULTIPROC_DIR": str(self.layout.run / "metrics"),
            "YINCAI_SIGNER_KEY": self.given.get("YINCAI_SIGNER_KEY", str(self.layout.seal)),
            "YINCAI_SIGNER_PASSPHRASE_FILE": self.given.get(
                "YINCAI_SIGNER_PASSPHRASE_FILE", str(self.layout.seal_passphrase)
            ),
            "YINCAI_CHECKPOINT_KEY": self.given.get("YINCAI_CHECKPOINT_KEY", str(self.layout.checkpoint_key)),
        }

    def _portal(self) -> Mapping[str, str]:
        if "YINCAI_OIDC_URL" in self.given or "YINCAI_SANDBOX_URL" in self.given:
            return {}
        return told_of_portal(self.layout, sandbox_url=self.ports.sandbox_url)

    def _receiver(self) -> Mapping[str, str]:
        """Where platform and sandbox are the demo on this machine, events may be pushed to it."""
        is_demo = "YINCAI_SANDBOX_URL" not in self.given and self.ports.base_url.startswith(
            "http://127.0.0.1:"
        )
        name = "YINCAI_WEBHOOKS_TO_LOOPBACK"
        return {name: "true"} if is_demo and name not in self.given else {}

    def _application_url(self, user: SystemUser) -> str:
        if self.database.socket is None:
            return self.database.application_url
        return addresses.address(
            socket=self.database.socket,
            role=addresses.APPLICATION,
            password_file=password_file_for(self.layout, user),
        )
