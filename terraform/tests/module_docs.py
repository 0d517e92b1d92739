"""Writes the tables of inputs and outputs into the READMEs of modules and examples, from their HCL.

    python terraform/tests/module_docs.py           # writes
    python terraform/tests/module_docs.py --check   # says which are not up to date, and ends with 1
"""

import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGES = ROOT.parent / "target/terraform-node"
BEGIN, END = "<!-- BEGIN_TF_DOCS -->", "<!-- END_TF_DOCS -->"


def main(arguments):
    script = pathlib.Path(__file__).parent / "hcl.mjs"
    staged = PACKAGES / script.name
    staged.write_bytes(script.read_bytes())

    def parse(sources):
        done = subprocess.run(["node", str(staged)], input=json.dumps(sources), capture_output=True, text=True, timeout=120, check=True)
        return json.loads(done.stdout)

    stale = update(ROOT, parse, write="--check" not in arguments)
    for readme in stale:
        print(f"{'not up to date: ' if '--check' in arguments else ''}{readme}")
    return 1 if stale and "--check" in arguments else 0


def update(root, parse, write):
    """The READMEs whose tables are not those of their HCL, which are then written if that is wanted."""
    stale = []
    for folder in folders(root):
        readme = folder / "README.md"
        text = readme.read_text() if readme.exists() else f"{BEGIN}\n{END}\n"
        if BEGIN not in text or END not in text:
            raise SystemExit(f"{readme} has no {BEGIN} and {END}")
        before, after = text[: text.index(BEGIN)], text[text.index(END) :]
        # Types are shown as they are written, which the parser does not keep.
        sources = {path.name: path.read_text() for path in sorted(folder.glob("*.tf"))}
        wanted = f"{before}{BEGIN}\n{tables(parse(sources), sources)}\n{after}"
        if wanted != text or not readme.exists():
            stale.append(str(readme.relative_to(root)))
            if write:
                readme.write_text(wanted)
    return stale


def folders(root):
    return [folder for kind in ("modules", "examples") for folder in sorted((root / kind).glob("*")) if any(folder.glob("*.tf"))]


def tables(parsed, sources):
    variables, outputs = {}, {}
    for document in parsed.values():
        variables |= {name: blocks[0] for name, blocks in document.get("variable", {}).items()}
        outputs |= {name: blocks[0] for name, blocks in document.get("output", {}).items()}
    types = written_types(sources)
    lines = ["### Inputs", ""]
    if variables:
        lines += ["| name | description | type | default | required |", "|---|---|---|---|---|"]
        for name, variable in sorted(variables.items()):
            default = f"`{json.dumps(variable['default'], ensure_ascii=False)}`" if "default" in variable else "none"
            required = "no" if "default" in variable else "yes"
            lines.append(f"| `{name}` | {cell(variable['description'])} | `{cell(types[name])}` | {cell(default)} | {required} |")
    else:
        lines.append("None.")
    lines += ["", "### Outputs", ""]
    if outputs:
        lines += ["| name | description |", "|---|---|"]
        lines += [f"| `{name}` | {cell(output['description'])} |" for name, output in sorted(outputs.items())]
    else:
        lines.append("None.")
    return "\n".join(lines)


def written_types(sources):
    """The type of each variable, in one line."""
    types = {}
    for text in sources.values():
        for block in re.finditer(r'^variable "([^"]+)" \{\n(.*?)^\}', text, re.M | re.S):
            types[block.group(1)] = one_line(bracketed(block.group(2)[re.search(r"^  type\s+= ", block.group(2), re.M).end() :]))
    return types


def bracketed(text):
    """The text up to the end of the line in which all brackets are closed."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == "\n" and depth == 0:
            return text[:place]
    return text


def one_line(written):
    lines = [line.strip() for line in written.strip().splitlines() if line.strip() and not line.strip().startswith("#")]
    text = ""
    for line in lines:
        opened = text.endswith(("({", "{")) or not text
        closes = line.startswith("}")
        text += line if not text else (" " if opened or closes else ", ") + line
    return re.sub(r"\s+=\s+", " = ", text)


def cell(text):
    return re.sub(r"\s+", " ", text).replace("|", "\\|").strip()


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
