"""Write codemeta.json and .zenodo.json from CITATION.cff and the addresses in _config.yml.

    python tools/metadata.py           writes them, and the addresses into CITATION.cff
    python tools/metadata.py --check   fails where a file is not what would be written

CITATION.cff is the place for title, authors, abstract and version of the code; the descriptor of
the data (``data/datapackage.json``) for the version and the day of the data.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
_ADDRESSES = re.compile(r"^(?:url|repository-code):.*\n", re.MULTILINE)


def addresses(root: Path) -> dict[str, str]:
    """Return the addresses that are set, under their names in CITATION.cff."""
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    found = {"url": config["html"]["baseurl"], "repository-code": config["repository"]["url"]}
    return {name: url for name, url in found.items() if url}


def citation(root: Path) -> str:
    """Return CITATION.cff with the present addresses after its title."""
    text = _ADDRESSES.sub("", (root / "CITATION.cff").read_text(encoding="utf-8"))
    lines = "".join(f'{name}: "{url}"\n' for name, url in addresses(root).items())
    return re.sub(r"^(title:.*\n)", rf"\1{lines}", text, count=1, flags=re.MULTILINE)


def codemeta(cff: dict[str, Any], project: dict[str, Any]) -> dict[str, Any]:
    """Return the CodeMeta 3.0 record of the code."""
    found = {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": cff["title"],
        "identifier": project["name"],
        "description": " ".join(cff["abstract"].split()),
        "version": cff["version"],
        "dateModified": str(cff["date-released"]),
        "license": [f"https://spdx.org/licenses/{name}" for name in cff["license"]],
        "author": [{"@type": "Organization", "name": each["name"]} for each in cff["authors"]],
        "keywords": cff["keywords"],
        "programmingLanguage": "Python",
        "runtimePlatform": f"Python {project['requires-python']}",
        "softwareRequirements": project["dependencies"],
        "developmentStatus": "active",
        "url": cff.get("url"),
        "codeRepository": cff.get("repository-code"),
    }
    return {key: value for key, value in found.items() if value}


def zenodo(cff: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata of a deposit at Zenodo: the data, with the code that reads them."""
    data = cff["preferred-citation"]
    related = [
        {"identifier": cff[name], "relation": relation, "scheme": "url"}
        for name, relation in (("url", "isDocumentedBy"), ("repository-code", "isDerivedFrom"))
        if name in cff
    ]
    return {
        "upload_type": "dataset",
        "title": data["title"],
        "description": " ".join(cff["abstract"].split()),
        "creators": [{"name": each["name"]} for each in data["authors"]],
        "version": data["version"],
        "publication_date": str(cff["date-released"]),
        "license": data["license"].lower(),
        "access_right": "open",
        "language": "eng",
        "keywords": cff["keywords"],
    } | ({"related_identifiers": related} if related else {})


def files(root: Path) -> dict[str, str]:
    """Return what each file should hold, by name."""
    text = citation(root)
    cff = yaml.safe_load(text)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    made = {"codemeta.json": codemeta(cff, project), ".zenodo.json": zenodo(cff)}
    return {"CITATION.cff": text} | {
        name: json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        for name, content in made.items()
    }


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write or check the files; return 1 where a check fails."""
    code = 0
    for name, text in files(root).items():
        path = root / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if "--check" in arguments:
            print(f"{name} is not what CITATION.cff and _config.yml say: run `make metadata`")
            code = 1
        else:
            path.write_text(text, encoding="utf-8")
            print(name)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
