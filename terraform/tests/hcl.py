"""Terraform files as JSON, and back into expressions."""

import json
import re


def parse(node, folder):
    """Everything that stands in a folder's `.tf` files, as one document: blocks by type and labels, each a list of bodies."""
    parsed = node.run("hcl.mjs", {file.name: file.read_text() for file in sorted(folder.glob("*.tf"))})
    whole = {}
    for document in parsed.values():
        merge(whole, document)
    return whole


def merge(whole, part):
    for name, value in part.items():
        if isinstance(value, dict) and isinstance(whole.get(name), dict):
            merge(whole[name], value)
        elif isinstance(value, list) and isinstance(whole.get(name), list):
            whole[name] = whole[name] + value
        else:
            whole[name] = value


def expression(value):
    """The HCL of a value that was parsed."""
    if isinstance(value, str):
        only = re.fullmatch(r"\$\{(.*)\}", value, re.DOTALL)
        return f"({only[1]})" if only and is_closed(only[1]) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ", ".join(map(expression, value)) + "]"
    if isinstance(value, dict):
        return "{\n" + "".join(f"{json.dumps(name)} = {expression(item)}\n" for name, item in value.items()) + "}"
    return json.dumps(value)


def is_closed(text):
    """Whether no brace in it closes one before it, as in `a}-${b`."""
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return True


META_ARGUMENTS = {"count", "depends_on", "for_each", "lifecycle", "provider"}


def body(block):
    """The HCL of an object with all arguments of a resource or block: its blocks are lists, `dynamic` ones are unrolled by Terraform."""
    lists = {}
    arguments = {}
    for name, value in block.items():
        if name == "dynamic":
            for of, dynamics in value.items():
                lists.setdefault(of, []).extend(unrolled(of, dynamic) for dynamic in dynamics)
        elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            lists.setdefault(name, []).append("[" + ", ".join(map(body, value)) + "]")
        elif name not in META_ARGUMENTS:
            arguments[name] = expression(value)
    arguments |= {name: f"concat({', '.join(parts)})" for name, parts in lists.items()}
    return "{\n" + "".join(f"{name} = {text}\n" for name, text in arguments.items()) + "}"


def unrolled(name, dynamic):
    iterator = dynamic.get("iterator", name)
    [content] = dynamic["content"]
    return f"[for {iterator} in {pairs(dynamic['for_each'])} : {body(content)}]"


def pairs(collection):
    return f"[for k_, v_ in {expression(collection)} : {{ key = k_, value = v_ }}]"
