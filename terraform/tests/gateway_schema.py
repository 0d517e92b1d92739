"""Writes gateway_schema.json: what the AWS provider takes in the resources that the module `gateway` is made of.

In two versions: the least that the module takes, and the newest that was looked at. Neither has to be here for it: the
package cdktn-provider-aws on PyPI is generated from the provider's own schema, and says of each argument its name, its
type and whether it is required.

    python terraform/tests/gateway_schema.py [FOLDER]     # with the wheels; without one, pip downloads them (130 MB)
"""

import ast
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

# Versions of the provider, and of the package that each is in.
PACKAGES = {"6.50.0": "24.6.0", "6.69.1": "25.8.1"}
RESOURCES = ["bedrockagentcore_gateway", "bedrockagentcore_gateway_target"]
SCHEMA = pathlib.Path(__file__).parent / "gateway_schema.json"
META_ARGUMENTS = {"connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioners"}
# What every resource of the package has beside its attributes.
COMMON_PROPERTIES = {"TF_RESOURCE_TYPE", "cdktf_stack", "cdktn_stack", "dependencies", "friendly_unique_id", "fqn", "node", "synthesize_attributes", "terraform_generator_metadata", "terraform_meta_arguments", "terraform_resource_type"}


def main(arguments):
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(arguments[0] if arguments else temporary)
        if not arguments:
            for package in PACKAGES.values():
                download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
                subprocess.run([*download, f"cdktn-provider-aws=={package}"], check=True)
        schemas = {provider: schema(folder, package) for provider, package in PACKAGES.items()}
    SCHEMA.write_text(json.dumps(schemas, indent=1, sort_keys=True) + "\n")


def schema(folder, package):
    [wheel] = folder.glob(f"cdktn_provider_aws-{package}-*.whl")
    with zipfile.ZipFile(wheel) as opened:
        return {f"aws_{name}": resource(name, opened.read(f"cdktn_provider_aws/{name}/__init__.py")) for name in RESOURCES}


def resource(name, source):
    """The arguments of a resource, and the attributes that it exports."""
    classes = {found.name: found for found in ast.parse(source).body if isinstance(found, ast.ClassDef)}
    own = "".join(part.capitalize() for part in name.split("_"))
    block = block_of(classes, f"{own}Config")
    taken = {*block["required"], *block["optional"], *block["blocks"]}
    exported = properties(classes[own]) - COMMON_PROPERTIES
    return block | {"exported": sorted(name for name in exported if not name.endswith("_input") and name not in taken)}


def block_of(classes, name):
    """The arguments and blocks of one class: `list` blocks stand any number of times, as far as the schema says."""
    block = {"required": {}, "optional": {}, "blocks": {}}
    initializer = next(item for item in classes[name].body if isinstance(item, ast.FunctionDef) and item.name == "__init__")
    for argument, default in zip(initializer.args.kwonlyargs, initializer.args.kw_defaults):
        if argument.arg in META_ARGUMENTS:
            continue
        argument_name = argument.arg.rstrip("_")
        annotation = ast.unparse(argument.annotation)
        nested = next((text for text in strings(argument.annotation) if text in classes), None)
        if nested:
            nesting = "list" if "typing.Sequence" in annotation else "single"
            block["blocks"][argument_name] = {"nesting": nesting} | block_of(classes, nested)
        else:
            block["required" if default is None else "optional"][argument_name] = type_of(annotation)
    return block


def strings(annotation):
    return [node.value for node in ast.walk(annotation) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def type_of(annotation):
    of = "bool" if "builtins.bool" in annotation else "number" if "jsii.Number" in annotation else "string"
    if "typing.Mapping" in annotation:
        return f"map({of})"
    return f"list({of})" if "typing.Sequence" in annotation else of


def properties(found):
    return {
        item.name
        for item in found.body
        if isinstance(item, ast.FunctionDef) and any("property" in ast.unparse(decorator) for decorator in item.decorator_list)
    }


if __name__ == "__main__":
    main(sys.argv[1:])
