"""Arguments and blocks in HCL against a provider's schema, and against AWS's model of the API that the provider calls."""

from api_request import plain

META_ARGUMENTS = {"count", "depends_on", "for_each", "lifecycle", "provider"}


def problems(block, schema, shape, path):
    """What is wrong with a resource or block: unknown and missing arguments, blocks where an argument belongs, too many or too few blocks, values outside of a closed list.

    The schema says what arguments there are. It says nothing of how often a block may stand and of what it must have, since
    the provider has that in code; AWS's model (`shape`, `None` where it has another form) says so instead.
    """
    found = []
    arguments = {**schema["required"], **schema["optional"]}
    members = {plain(name): member for name, member in shape.members.items()} if shape is not None and shape.type_name == "structure" else {}
    required = {plain(name) for name in shape.required_members} if members else set()
    written = written_blocks(block, schema)
    for name, value in block.items():
        if name in META_ARGUMENTS or name == "dynamic" or name in schema["blocks"]:
            continue
        if name not in arguments:
            found.append(f"{path}.{name} is no argument; there are {sorted([*arguments, *schema['blocks']])}")
        elif is_blocks(value):
            found.append(f"{path}.{name} is written as a block, and is an argument")
        else:
            found += value_problems(value, member_of(members, name), f"{path}.{name}")
    found += [f"{path}.{name} is missing" for name in schema["required"] if block.get(name) is None]
    for name, blocks in written.items():
        if name not in schema["blocks"]:
            found.append(f"{path}.{name} is no block; there are {sorted(schema['blocks'])}")
            continue
        inner = member_of(members, name)
        is_list = inner is not None and inner.type_name == "list"
        bounds = inner.metadata if is_list else {}
        fixed = sum(1 for body, is_dynamic in blocks if not is_dynamic)
        most = bounds.get("max") if is_list else None if inner is None else 1
        if most is not None and fixed > most:
            found.append(f"{path}.{name} stands {fixed} times; at most {most} are allowed")
        if fixed == len(blocks) < bounds.get("min", 0):
            found.append(f"{path}.{name} stands {len(blocks)} times; at least {bounds['min']} are needed")
        for body, _ in blocks:
            found += problems(body, schema["blocks"][name], inner.member if is_list else inner, f"{path}.{name}")
    for name in schema["blocks"]:
        if name not in written and {plain(name), plain(name) + "s"} & required:
            found.append(f"{path}.{name} is missing")
    return found


def written_blocks(block, schema):
    """The blocks in it, by name: their bodies, and whether they are dynamic."""
    written = {}
    for name, value in block.items():
        if name in schema["blocks"]:
            written.setdefault(name, []).extend((body, False) for body in value)
    for name, dynamics in block.get("dynamic", {}).items():
        for dynamic in dynamics:
            written.setdefault(name, []).extend((body, True) for body in dynamic["content"])
    return written


def is_blocks(value):
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def member_of(members, name):
    return members.get(plain(name), members.get(plain(name) + "s"))


def value_problems(value, shape, path):
    """A text that stands in a closed list, where it is not computed."""
    if isinstance(value, list):
        return [problem for item in value for problem in value_problems(item, getattr(shape, "member", None), path)]
    if isinstance(value, str) and "${" not in value and shape is not None and getattr(shape, "enum", None) and value not in shape.enum:
        return [f"{path} is {value!r}; expected one of {shape.enum}"]
    return []
