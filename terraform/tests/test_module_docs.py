"""That the READMEs say what the HCL says."""

import shutil

import module_docs
from conftest import ROOT


def test_tables_are_up_to_date(node):
    assert module_docs.folders(ROOT), "there are no modules"
    stale = module_docs.update(ROOT, lambda sources: node.run("hcl.mjs", sources), write=False)
    assert stale == [], "run make terraform-docs"


def test_a_changed_variable_makes_its_readme_stale(node, tmp_path):
    shutil.copytree(ROOT / "modules/registry", tmp_path / "modules/registry")
    variables = tmp_path / "modules/registry/variables.tf"
    variables.write_text(variables.read_text() + '\nvariable "more" {\n  description = "More | of it."\n  type        = map(string)\n}\n')
    parse = lambda sources: node.run("hcl.mjs", sources)
    assert module_docs.update(tmp_path, parse, write=True) == ["modules/registry/README.md"]
    assert "| `more` | More \\| of it. | `map(string)` | none | yes |" in (tmp_path / "modules/registry/README.md").read_text()
    assert module_docs.update(tmp_path, parse, write=False) == []


def test_types_are_shown_whole():
    written = 'variable "v" {\n  type = map(object({\n    one = optional(string, "a")\n    two = object({\n      three = bool\n    })\n  }))\n  default = {}\n}\n'
    assert module_docs.written_types({"variables.tf": written}) == {"v": 'map(object({ one = optional(string, "a"), two = object({ three = bool }) }))'}


def test_every_variable_and_output_is_described(node):
    for folder in module_docs.folders(ROOT):
        parsed = node.run("hcl.mjs", {path.name: path.read_text() for path in folder.glob("*.tf")})
        for document in parsed.values():
            for kind in ("variable", "output"):
                for name, [block] in document.get(kind, {}).items():
                    assert block.get("description"), f"{folder.name}: {kind} {name}"
                    assert kind == "output" or block.get("type"), f"{folder.name}: variable {name}"
