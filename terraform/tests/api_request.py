"""The request that a resource's arguments mean, and what of it breaks AWS's model of the API."""

import re


def api_request(value, shape):
    """Arguments and blocks of Terraform as the API's members: names in camel case, blocks that stand once as objects, nothing that is null."""
    if shape.name == "SchemaDefinition":
        return schema_definition(one(value))
    if shape.name == "CredentialProviderConfigurations":
        return [{"credentialProviderType": kind.upper()} for block in value for kind, blocks in block.items() if blocks]
    if shape.type_name == "structure":
        block = one(value)
        members = {plain(member): member for member in shape.members}
        request = {}
        for name, item in block.items():
            if item is None or item == []:
                continue
            member = members.get(plain(name)) or members.get(plain(name) + "s")
            if member:
                request[member] = api_request(item, shape.members[member])
            elif name not in EXPORTED:
                raise KeyError(f"{shape.name} has no member for the argument {name}; it has {sorted(shape.members)}")
        return request
    if shape.type_name == "list":
        return [api_request(item, shape.member) for item in value]
    return value


def one(value):
    if isinstance(value, list):
        [value] = value
    return value


def plain(name):
    return name.replace("_", "").lower()


def schema_definition(block):
    """A JSON schema: the provider has its properties as blocks, each of which says whether it is required."""
    definition = {name: block[name] for name in ("type", "description") if block.get(name) is not None}
    if block.get("items"):
        definition["items"] = schema_definition(one(block["items"]))
    if block.get("property"):
        definition["properties"] = {item["name"]: schema_definition(item) for item in block["property"]}
        required = [item["name"] for item in block["property"] if item.get("required")]
        definition |= {"required": required} if required else {}
    return definition


def breaches(value, shape, path="request"):
    """What the model forbids: members that it has not, required ones that are missing, values outside of its bounds, patterns and enumerations."""
    found = []
    if shape.type_name == "structure":
        found += [f"{path}.{name} is unknown" for name in value if name not in shape.members]
        found += [f"{path}.{name} is missing" for name in shape.required_members if name not in value]
        for name, item in value.items():
            if name in shape.members:
                found += breaches(item, shape.members[name], f"{path}.{name}")
        if getattr(shape, "is_tagged_union", False) and len(value) != 1:
            found.append(f"{path} has {len(value)} members; exactly one is allowed")
        return found
    if shape.type_name == "map":
        return [breach for name, item in value.items() for breach in breaches(item, shape.value, f"{path}.{name}")]
    if shape.type_name == "list":
        found = [breach for index, item in enumerate(value) for breach in breaches(item, shape.member, f"{path}[{index}]")]
    expected = {"string": str, "list": list, "boolean": bool, "integer": int}[shape.type_name]
    if not isinstance(value, expected):
        return [f"{path} is {value!r}; expected a {shape.type_name}"]
    size = value if shape.type_name == "integer" else len(value) if shape.type_name in ("string", "list") else 0
    bounds = shape.metadata
    if size < bounds.get("min", size) or size > bounds.get("max", size):
        found.append(f"{path} is {size} large; {bounds.get('min')} to {bounds.get('max')} are allowed")
    if shape.type_name == "string" and "pattern" in bounds and not re.fullmatch(bounds["pattern"], value):
        found.append(f"{path} is {value!r}; expected {bounds['pattern']}")
    if shape.type_name == "string" and shape.enum and value not in shape.enum:
        found.append(f"{path} is {value!r}; expected one of {shape.enum}")
    return found


# What the resources export beside their arguments.
EXPORTED = {"gateway_id", "gateway_arn", "gateway_url", "target_id"}
