"""The addresses that the platform listens on, from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yincai.ops.refusals import Refusal, check_port


@dataclass(frozen=True)
class Ports:
    """Where the web and the sandbox listen, and the addresses that people and processes use for them."""

    address: str
    web: int
    sandbox: int
    base_url: str
    sandbox_url: str

    def check(self) -> None:
        """Refuse when a port is taken."""
        if self.web == self.sandbox:
            raise Refusal(f"PORT and SANDBOX_PORT are both {self.web}; choose two different numbers.")
        check_port(self.web, address=self.address, variable="PORT")
        check_port(self.sandbox, address="127.0.0.1", variable="SANDBOX_PORT")

    def exported(self) -> dict[str, str]:
        """The variables that tell every process the addresses."""
        return {"YINCAI_BASE_URL": self.base_url, "YINCAI_SANDBOX_URL": self.sandbox_url}


def ports_from(environment: Mapping[str, str]) -> Ports:
    """`PORT`, `SANDBOX_PORT` and `YINCAI_LISTEN`, with their defaults."""
    web = port_from(environment, "PORT", 8000)
    sandbox = port_from(environment, "SANDBOX_PORT", 8001)
    return Ports(
        address=environment.get("YINCAI_LISTEN", "127.0.0.1"),
        web=web,
        sandbox=sandbox,
        base_url=environment.get("YINCAI_BASE_URL", f"http://127.0.0.1:{web}"),
        sandbox_url=environment.get("YINCAI_SANDBOX_URL", f"http://127.0.0.1:{sandbox}"),
    )


def port_from(environment: Mapping[str, str], name: str, default: int) -> int:
    """One port number; anything else is refused."""
    text = environment.get(name, str(default))
    if not text.isdigit():
        raise Refusal(
            f"{name} is {text!r}; choose a number from 1 to 65535, for example {name}=8010 make run."
        )
    return int(text)
