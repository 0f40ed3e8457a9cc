"""Writes the bill of materials (CycloneDX 1.6, JSON) of everything that `make run` installs."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from locks import Locked, locked
from packageurl import PackageURL


def main(file: Path) -> int:
    """0 when the file is written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    found = locked("base")
    file.write_text(bill(found), "utf8")
    print(f"{file}: {len(found)} packages")
    return 0


def bill(packages: list[Locked]) -> str:
    """The bill as JSON: the platform, and every package with the hashes that are accepted for it."""
    project = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text("utf8"))[
        "project"
    ]
    platform = Component(
        name=project["name"],
        version=project["version"],
        description=project["description"],
        type=ComponentType.APPLICATION,
        bom_ref=project["name"],
    )
    components = [component(one) for one in packages]
    bom = Bom(components=components)
    bom.metadata.component = platform
    bom.register_dependency(platform, components)
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2)


def component(package: Locked) -> Component:
    """One package; a hash stands on a reference of its own, because each is of another file."""
    address = PackageURL("pypi", name=package.name, version=package.version)
    files = [
        ExternalReference(
            type=ExternalReferenceType.DISTRIBUTION,
            url=XsUri(str(address)),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one)],
        )
        for one in package.hashes
    ]
    return Component(
        name=package.name,
        version=package.version,
        purl=address,
        bom_ref=str(address),
        external_references=files,
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
