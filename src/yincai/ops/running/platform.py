"""The whole platform on one machine: everything made ready, started in order, watched and stopped."""

from __future__ import annotations

import http.client
import os
import shutil
import sys
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from yincai.ops.database import addresses, checks
from yincai.ops.database.cluster import Cluster, places_for
from yincai.ops.refusals import Refusal, check_room
from yincai.ops.running import interruption
from yincai.ops.running import layout as layouts
from yincai.ops.running.crew import Crew, choose_crew
from yincai.ops.running.only_copy import only_copy
from yincai.ops.running.other_portal import register_at_portal
from yincai.ops.running.ports import Ports, ports_from
from yincai.ops.running.seal import check_authority, fetch_trust_root, issue_seal
from yincai.ops.running.services import KEEP_RUNNING, Database, Services
from yincai.ops.running.supervisor import Say, Service, Supervisor, run_once
from yincai.ops.system_users import database_user

READY_LIMIT = 60.0
LOOK_EVERY = 0.25
YES_AND_NO = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class Platform:
    """One running platform; `serve` returns when it was asked to stop."""

    def __init__(self, given: Mapping[str, str], *, say: Say) -> None:
        self.given = given
        self.say = say
        self.layout = layouts.layout_from(given)
        self.ports = ports_from(given)
        self.supervisor = Supervisor(say=say)
        self.cluster: Cluster | None = None

    def serve(self) -> int:
        """Start everything, keep it running, stop it; the exit status."""
        interruption.listen()
        try:
            layouts.make_folders(self.layout)
            with only_copy(self.layout.run / "lock"):
                try:
                    self._start()
                    self._watch()
                finally:
                    self._stop()
        except interruption.Stopping:
            pass
        return 0

    def _start(self) -> None:
        began = time.monotonic()
        check_room(self.layout.var)
        self.ports.check()
        layouts.make_secrets(self.layout)
        crew = choose_crew(source=layouts.SOURCE, var=self.layout.var)
        layouts.hand_over(self.layout, crew)
        database = self._database()
        services = Services(self.layout, crew, self.ports, database, self.given)
        if "YINCAI_SANDBOX_URL" not in self.given:
            self._start_sandbox(services)
        self.say("bringing the database up to date")
        run_once(services.ours("migrate"))
        layouts.hand_over(self.layout, crew)
        self._start_own(services)
        # while the others are still loading
        accounts = run_once(services.ours("demo")) if wants_demo(self.given) else ""
        self._await("web", f"http://{_bracketed(self.ports.address)}:{self.ports.web}", "/livez")
        self._announce(crew, accounts, time.monotonic() - began)

    def _database(self) -> Database:
        """The database that was named, else our own, started here."""
        named = self.given.get("DATABASE_URL")
        if named:
            owner = self.given.get("YINCAI_OWNER_DATABASE_URL", named)
            checks.check_database(owner)
            return Database(owner, named)
        user = database_user()
        self.cluster = Cluster(places_for(self.layout.var, secrets=self.layout.secrets, user=user), user=user)
        first = not self.cluster.places.data.exists()
        self.say("making the database" if first else "starting the database")
        if self.cluster.places.data.parent != self.layout.var:
            self.say(
                f"the database lies in {self.cluster.places.data}, because the system user {user.name} "
                f"cannot reach {self.layout.var}"
            )
        self.cluster.prepare()
        self.cluster.start()
        self.cluster.provision()
        return Database(
            self.cluster.url(addresses.OWNER),
            self.cluster.url(addresses.APPLICATION),
            self.cluster.places.socket,
        )

    def _start_sandbox(self, services: Services) -> None:
        check_authority(services)
        self.say("starting the sandbox that plays the outside authorities")
        port = str(self.ports.sandbox)
        self._start_service(services.sandbox("serve", "--port", port, "--base-url", self.ports.sandbox_url))
        self._await("sandbox", self.ports.sandbox_url, "/healthz")
        issue_seal(services)
        fetch_trust_root(services)
        register_at_portal(self.layout, self.ports, given=self.given)

    def _start_own(self, services: Services) -> None:
        self.say("starting worker, reader, signer and web")
        shutil.rmtree(self.layout.run / "metrics", ignore_errors=True)
        metrics = self.layout.run / "metrics"
        metrics.mkdir()
        if os.geteuid() == 0:
            os.chown(metrics, services.crew.web.uid, services.crew.web.gid)
        for name in KEEP_RUNNING:
            self._start_service(services.ours(name))

    def _start_service(self, service: Service) -> None:
        self.supervisor.start(service)

    def _await(self, name: str, url: str, path: str) -> None:
        """Wait until a service answers; one that dies before is not waited for."""
        limit = time.monotonic() + READY_LIMIT
        while not answers(url, path):
            if not self.supervisor.is_alive(name):
                log = self.layout.log / f"{name}.log"
                raise Refusal(f"{name} did not start: {_last_line(log.read_bytes())} (more in {log})")
            if time.monotonic() > limit:
                raise Refusal(
                    f"{name} did not answer within {READY_LIMIT:.0f} s; see {self.layout.log}/{name}.log"
                )
            time.sleep(0.05)

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            self.supervisor.look()
            if self.cluster is not None and not self.cluster.is_alive():
                self.say("the database ended; starting it again")
                self.cluster.start()
                self.say("the database is back")

    def _stop(self) -> None:
        interruption.ignore()
        self.say("stopping")
        self.supervisor.stop()
        if self.cluster is not None:
            self.cluster.stop()
        self.say("stopped")

    def _announce(self, crew: Crew, accounts: str, seconds: float) -> None:
        self.say(
            announcement(
                self.ports,
                crew,
                accounts=accounts,
                seconds=seconds,
                log=str(self.layout.log),
                letters=self.given.get("YINCAI_SMTP_HOST") or str(self.layout.mail),
            )
        )


def wants_demo(given: Mapping[str, str]) -> bool:
    """Whether people with known passwords belong here: in a database of our own making, or when told so.

    Raises `Refusal` for a word that is neither yes nor no.
    """
    told = given.get("YINCAI_DEMO", "").strip().lower()
    if told in YES_AND_NO:
        return YES_AND_NO[told]
    if told:
        raise Refusal(f"YINCAI_DEMO is {told!r}; say 1 (with demo people) or 0 (without).")
    return not given.get("DATABASE_URL")


def announcement(ports: Ports, crew: Crew, *, accounts: str, seconds: float, log: str, letters: str) -> str:
    """What the operator reads when everything runs; `letters`: a mail server, or the folder in its place."""
    lines = [
        "",
        f"Yincai is ready after {seconds:.0f} s.  Ctrl-C stops all of it.",
        "",
        f"  residents and officers    {ports.base_url}/",
        f"  the officers' desk        {ports.base_url}/desk/",
        f"  verify a card             {ports.base_url}/verify/",
        f"  phones: SMS and codes     {ports.sandbox_url}/phone/",
        f"  letters (mail)            {letters}",
        f"  logs                      {log}",
    ]
    if accounts.strip():
        lines += ["", *(f"  {line}" for line in accounts.rstrip().splitlines())]
    if not crew.apart:
        lines += ["", f"  The signing key is not kept from the web process by the system: {crew.why}."]
    return "\n".join([*lines, ""])


def answers(url: str, path: str) -> bool:
    """Whether a GET is answered with 200."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def to_terminal(text: str) -> None:
    """Say it on standard output at once; a terminal that went away stops nothing."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError:
        return


def _last_line(log: bytes) -> str:
    lines = log.decode("utf8", "replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _bracketed(address: str) -> str:
    if address in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not opened
        return "127.0.0.1"
    return f"[{address}]" if ":" in address else address
