"""What sessions of tenants ask for: for every action a request that is allowed, and its negative twins."""

import dataclasses

ACCOUNT, REGION = "123456789012", "eu-central-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/tenants/tenantgate-tenant"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/tenantgate-tenant/tenantgate-0123456789abcdef"

CONCERNS = ("memory", "knowledge-bases", "tables", "buckets", "keys")
ROLE_POLICIES = ("guard", *CONCERNS)

# Session tags that are not 'acme', and that a sloppy comparison takes for it.
LOOK_ALIKES = ("acme-2", "acm", "Acme", "ACME", "xacme", "acme.", "acme/bob", "acme/..")
MALFORMED = ("", "acme/bob", "acme:bob", "a=b", "a+b", "a@b", "a b", "..", ".acme", "-acme", "_acme", "a" * 64)

# Keys of namespace variables that are taken for the tenant where they are not listed.
TENANT_VARIABLES = ("account", "customer", "org", "tenant", "tenantid", "tid")


@dataclasses.dataclass(frozen=True)
class Case:
    """A request, the policies that judge it, and the answer that is right: Allowed, Refused, or Denied where it has to be an explicit denial."""

    policy: str
    kind: str
    action: str
    resource: str
    context: dict
    right: str
    identity: tuple = ROLE_POLICIES
    attached: str | None = None
    principal: str = SESSION
    account: str = ACCOUNT
    note: str = ""

    def request(self):
        return {
            "principal": self.principal,
            "action": self.action,
            "resource": self.resource,
            "account": self.account,
            "context": self.context,
            "identity": list(self.identity),
            "attached": self.attached,
            "right": self.right,
        }

    def is_right(self, result):
        return result == "Allowed" if self.right == "Allowed" else result == "ExplicitlyDenied" if self.right == "Denied" else result != "Allowed"

    def __str__(self):
        return f"{self.policy}: {self.action} {self.kind} {self.note} on {self.resource} with {self.context} by {self.principal}: {self.right} ({'+'.join(self.identity)})"


def session_cases():
    return [*permission_cases(), *guard_cases()]


# What a session may do. `own(tenant)` is the tenant's own request: a resource and the keys that come with it.


def permission_cases():
    for policy, actions, own, elsewhere in grants():
        for action in actions:
            yield from twins(policy, action, own, elsewhere)
    yield from memory_cases()
    yield from knowledge_base_cases()
    yield from table_cases()
    yield from bucket_cases()
    yield from key_cases()


def grants():
    arn = f"arn:aws:{{}}:{REGION}:{ACCOUNT}:{{}}".format
    pooled, silo = arn("bedrock-agentcore", "memory/pooled-a1b2c3d4e5"), arn("bedrock-agentcore", "memory/silo-a1b2c3d4e5")
    other_memories = [(arn("bedrock-agentcore", "memory/other-a1b2c3d4e5"), ACCOUNT), (pooled.replace(ACCOUNT, "210987654321"), "210987654321")]
    key = "bedrock-agentcore:{}".format
    events = [key(name) for name in ("CreateEvent", "GetEvent", "ListEvents", "DeleteEvent", "ListSessions")]
    reads, writes = [key("RetrieveMemoryRecords"), key("ListMemoryRecords")], [key("BatchCreateMemoryRecords")]
    yield "memory", events[1:], lambda tenant: (pooled, {key("actorId"): f"{tenant}/bob"}), other_memories
    yield "memory", events[:1], lambda tenant: (pooled, {key("actorId"): f"{tenant}/bob", key("namespaceVariable/tenancy"): tenant}), other_memories
    yield "memory", reads + writes, lambda tenant: (pooled, {key("namespace"): f"/tenants/{tenant}/facts/"}), other_memories
    yield "memory", reads, lambda tenant: (pooled, {key("namespacePath"): f"/tenants/{tenant}/"}), other_memories
    yield "memory", events + reads + writes, lambda tenant: (silo, {"aws:ResourceTag/TenantID": tenant}), [(silo.replace(REGION, "eu-west-1"), ACCOUNT)]
    base = arn("bedrock", "knowledge-base/ABCDEFGHIJ")
    yield "knowledge-bases", ["bedrock:Retrieve"], lambda tenant: (base, {"aws:ResourceTag/TenantID": tenant}), [(base.replace(REGION, "eu-west-1"), ACCOUNT)]
    reads, writes = ["GetItem", "BatchGetItem", "Query"], ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "ConditionCheckItem"]
    for table, names in (("orders", reads + writes), ("prices", reads), ("orders/index/by-customer", ["Query"])):
        elsewhere = [(arn("dynamodb", "table/registry"), ACCOUNT), (arn("dynamodb", "table/orders/index/by-date"), ACCOUNT)]
        elsewhere += [(arn("dynamodb", "table/orders").replace(ACCOUNT, "210987654321"), "210987654321")]
        yield "tables", [f"dynamodb:{name}" for name in names], own_items(arn("dynamodb", f"table/{table}")), elsewhere
    reads, writes = ["GetObject"], ["PutObject", "DeleteObject", "AbortMultipartUpload", "ListMultipartUploadParts"]
    for bucket, names in (("documents", reads + writes), ("manuals", reads)):
        yield "buckets", [f"s3:{name}" for name in names], own_object(bucket), [("arn:aws:s3:::elsewhere/acme/x", ACCOUNT), (f"arn:aws:s3:::{bucket}-2/acme/x", ACCOUNT)]
        yield "buckets", ["s3:ListBucket"], own_list(bucket), [("arn:aws:s3:::elsewhere", ACCOUNT)]


def own_items(table):
    return lambda tenant: (table, {"dynamodb:LeadingKeys": [f"{tenant}#42"]})


def own_object(bucket):
    return lambda tenant: (f"arn:aws:s3:::{bucket}/{tenant}/report.txt", {})


def own_list(bucket):
    return lambda tenant: (f"arn:aws:s3:::{bucket}", {"s3:prefix": f"{tenant}/"})


def twins(policy, action, own, elsewhere):
    resource, keys = own("acme")

    def case(kind, tenant, right, resource=resource, keys=keys, note="", **more):
        return Case(policy, kind, action, resource, tagged(tenant) | keys, right, note=note, **more)

    # The Allow statements have to hold without the guard, too: one line of defence each.
    for identity in (ROLE_POLICIES, CONCERNS):
        yield case("own", "acme", "Allowed", identity=identity)
        yield case("own", "globex", "Allowed", *own("globex"), identity=identity)
        yield case("own", "Acme-2_x", "Allowed", *own("Acme-2_x"), identity=identity)
        yield case("foreign", "globex", "Refused", identity=identity)
        yield case("untagged", None, "Refused", identity=identity)
        yield case("empty", "", "Refused", identity=identity)
        for look_alike in LOOK_ALIKES:
            yield case("look-alike", look_alike, "Refused", identity=identity, note=look_alike)
            # With a slash in it, the other's place is a part of acme's own: that is why such tenants are refused altogether.
            if "/" not in look_alike:
                yield case("look-alike", "acme", "Refused", *own(look_alike), identity=identity, note=f"of {look_alike}")
        for key, value in keys.items():
            yield case("omitted", "acme", "Refused", keys=without(keys, key), identity=identity, note=key)
            if isinstance(value, str):
                yield case("omitted", "acme", "Refused", keys=keys | {key: ""}, identity=identity, note=f"{key} empty")
        for place, account in elsewhere:
            yield case("elsewhere", "acme", "Refused", place, identity=identity, account=account)
    # What is the own request of a malformed tenant is held by the guard alone.
    for malformed in MALFORMED:
        yield case("malformed", malformed, "Denied", *own(malformed), note=malformed)


def memory_cases():
    memory = f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:memory/pooled-a1b2c3d4e5"
    key = "bedrock-agentcore:{}".format

    def case(kind, name, right, **keys):
        return Case("memory", kind, key(name), memory, tagged("acme") | {key(k): v for k, v in keys.items()}, right, identity=CONCERNS)

    for name in ("CreateEvent", "GetEvent", "ListEvents", "DeleteEvent", "ListSessions"):
        variable = {"namespaceVariable/tenancy": "acme"} if name == "CreateEvent" else {}
        for actor in ("acme", "acme/", "globex/acme/bob", "/acme/bob", "ACME/bob", "acme-2/bob", "acme:bob"):
            yield case("look-alike", name, "Allowed" if actor == "acme/" else "Refused", actorId=actor, **variable)
        yield case("other key", name, "Refused", namespace="/tenants/acme/facts/", **variable)
        yield case("other key", name, "Refused", sessionId="acme/bob", **variable)
    for value in ("globex", *LOOK_ALIKES, "*", "acme*"):
        yield case("variable", "CreateEvent", "Refused", **{"actorId": "acme/bob", "namespaceVariable/tenancy": value})
    for name in ("RetrieveMemoryRecords", "ListMemoryRecords"):
        for which, other in (("namespace", "namespacePath"), ("namespacePath", "namespace")):
            own = "/tenants/acme/"
            for space in ("/", "/tenants/", "/tenants/acme", "/tenants/acme-2/", "/tenants/ACME/", "tenants/acme/", "/x/tenants/acme/", "/tenants/globex/acme/", "/tenants/*", "*"):
                yield case("look-alike", name, "Refused", **{which: space})
            yield case("both keys", name, "Allowed", **{which: own, other: own})
            yield case("both keys", name, "Refused", **{which: own, other: "/tenants/globex/"})
            yield case("both keys", name, "Refused", **{which: own, other: "/"})
        yield case("other key", name, "Refused", strategyId="acme", actorId="acme/bob")
    own, foreign = "/tenants/acme/facts/", "/tenants/globex/facts/"
    yield case("several", "BatchCreateMemoryRecords", "Allowed", namespace=[own, "/tenants/acme/notes/"])
    yield case("several", "BatchCreateMemoryRecords", "Refused", namespace=[own, foreign])
    yield case("several", "BatchCreateMemoryRecords", "Refused", namespace=[foreign, own])
    yield case("other key", "BatchCreateMemoryRecords", "Refused", namespacePath=own)
    for name in ("StartMemoryExtractionJob", "UpdateMemory", "DeleteMemory", "GetMemory"):
        yield case("not granted", name, "Refused", actorId="acme/bob")


def knowledge_base_cases():
    base = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:knowledge-base/ABCDEFGHIJ"
    for name in ("GetKnowledgeBase", "UpdateKnowledgeBase", "DeleteKnowledgeBase"):
        yield Case("knowledge-bases", "not granted", f"bedrock:{name}", base, tagged("acme") | {"aws:ResourceTag/TenantID": "acme"}, "Refused", identity=CONCERNS)


def table_cases():
    arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/".__add__

    def case(kind, name, right, keys, table="orders", **context):
        leading = {} if keys is None else {"dynamodb:LeadingKeys": keys}
        return Case("tables", kind, f"dynamodb:{name}", arn(table), tagged("acme") | leading | context, right, identity=CONCERNS)

    for name in ("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "ConditionCheckItem"):
        yield case("several", name, "Allowed", ["acme#1", "acme#2"])
        yield case("several", name, "Refused", ["acme#1", "globex#1"])
        yield case("several", name, "Refused", ["globex#1", "acme#1"])
        for key in ("acme", "acme-2#1", "ACME#1", "globex#acme#1", "#acme#1", "acme/1", "acme*", "*"):
            yield case("look-alike", name, "Refused", [key])
    for name in ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "ConditionCheckItem"):
        yield case("read only", name, "Refused", ["acme#1"], table="prices")
    for name in ("PartiQLSelect", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete", "Scan", "DeleteTable", "UpdateTable"):
        yield case("not granted", name, "Refused", ["acme#1"] if name.startswith("PartiQL") else None)
    for name in ("GetItem", "Scan"):
        yield case("index", name, "Refused", ["acme#1"] if name == "GetItem" else None, table="orders/index/by-customer")


def bucket_cases():
    def case(kind, name, right, path, identity=CONCERNS, **context):
        return Case("buckets", kind, f"s3:{name}", f"arn:aws:s3:::documents{path}", tagged("acme") | context, right, identity=identity)

    for name in ("GetObject", "PutObject", "DeleteObject", "AbortMultipartUpload", "ListMultipartUploadParts"):
        for path in ("/acme", "/acme-2/x", "/ACME/x", "//acme/x", "/globex/acme/x", "/globex/../acme/x", "/x"):
            yield case("look-alike", name, "Refused", path)
        for path in ("/acme/../globex/x", "/acme/a/../../globex/x", "/acme/.."):
            yield case("look-alike", name, "Denied", path)
        yield case("own", name, "Allowed", "/acme/")
        yield case("own", name, "Allowed", "/acme/notes..txt")
    for name in ("PutObject", "DeleteObject", "AbortMultipartUpload", "ListMultipartUploadParts"):
        yield Case("buckets", "read only", f"s3:{name}", "arn:aws:s3:::manuals/acme/x", tagged("acme"), "Refused", identity=CONCERNS)
    for path in ("acme/../globex/x", "acme/.."):
        yield Case("buckets", "look-alike", "s3:GetObject", f"arn:aws:s3:::manuals/{path}", tagged("acme"), "Denied", identity=CONCERNS)
    for prefix in ("", "/", "acme", "acme-2/", "ACME/", "/acme/", "globex/", "globex/acme/", "*"):
        yield case("look-alike", "ListBucket", "Refused", "", **{"s3:prefix": prefix})
    yield case("delimiter", "ListBucket", "Allowed", "", **{"s3:prefix": "acme/", "s3:delimiter": "/"})
    yield case("delimiter", "ListBucket", "Refused", "", **{"s3:delimiter": "/"})
    yield case("delimiter", "ListBucket", "Refused", "", **{"s3:prefix": "", "s3:delimiter": "/"})
    for name in ("GetObjectVersion", "GetObjectAcl"):
        yield case("not granted", name, "Refused", "/acme/x")
    for name in ("ListBucketVersions", "ListBucketMultipartUploads", "DeleteBucket"):
        yield case("not granted", name, "Refused", "")


def key_cases():
    """Keys are shared by tenants, so that there is no foreign one: what divides them is the service that asks."""
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"

    def case(kind, name, tenant, right, resource=key, note="", **more):
        context = tagged(tenant) | ({"kms:ViaService": f"{note}.{REGION}.amazonaws.com"} if note else {})
        return Case("keys", kind, f"kms:{name}", resource, context, right, attached="key-policy", note=note, **more)

    for identity in (ROLE_POLICIES, CONCERNS):
        for name in ("Decrypt", "GenerateDataKey"):
            for service in ("bedrock-agentcore", "bedrock", "dynamodb", "s3"):
                yield case("own", name, "acme", "Allowed", note=service, identity=identity)
                yield case("untagged", name, None, "Refused", note=service, identity=identity)
                yield case("empty", name, "", "Refused", note=service, identity=identity)
                yield case("elsewhere", name, "acme", "Refused", key[:-1] + "c", note=service, identity=identity)
            yield case("omitted", name, "acme", "Refused", identity=identity)
            yield case("other service", name, "acme", "Refused", note="secretsmanager", identity=identity)
        for name in ("Encrypt", "ReEncryptFrom", "DescribeKey", "ScheduleKeyDeletion"):
            yield case("not granted", name, "acme", "Refused", note="s3", identity=identity)


# What no session may do, even if the role were given everything.


def guard_cases():
    identity = ("guard", "everything")
    table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders"

    def case(kind, action, right, resource="*", tenant="acme", **keys):
        return Case("guard", kind, action, resource, tagged(tenant) | keys, right, identity=identity)

    for action, resource in (("dynamodb:GetItem", table), ("s3:GetObject", "arn:aws:s3:::documents/acme/x"), ("s3:ListAllMyBuckets", "*")):
        yield case("own", action, "Allowed", resource)
        yield case("untagged", action, "Denied", resource, tenant=None)
        for malformed in MALFORMED:
            yield case("malformed", action, "Denied", resource, tenant=malformed)
        for tenant in ("a", "9", "Acme", "a.b", "a-b", "a_b", "a..b", "a" * 63):
            yield case("own", action, "Allowed", resource, tenant=tenant)
    tag = "aws:ResourceTag/TenantID"
    for action, resource in (
        ("dynamodb:GetItem", table),
        ("bedrock:Retrieve", f"arn:aws:bedrock:{REGION}:{ACCOUNT}:knowledge-base/ABCDEFGHIJ"),
        ("bedrock-agentcore:CreateEvent", f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:memory/silo-a1b2c3d4e5"),
    ):
        yield case("own", action, "Allowed", resource, **{tag: "acme"})
        yield case("own", action, "Allowed", resource)
        for foreign in ("globex", "ACME", "acme-2"):
            yield case("foreign", action, "Denied", resource, **{tag: foreign})
    memory = f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:memory/silo-a1b2c3d4e5"
    for key in TENANT_VARIABLES:
        variable = f"bedrock-agentcore:namespaceVariable/{key}"
        yield Case("memory", "own", "bedrock-agentcore:CreateEvent", memory, tagged("acme") | {variable: "acme"}, "Allowed", identity=("memory", "everything"))
        for foreign in ("globex", *LOOK_ALIKES, "*"):
            yield Case("memory", "foreign", "bedrock-agentcore:CreateEvent", memory, tagged("acme") | {variable: foreign}, "Denied", identity=("memory", "everything"))
    for action, resource in GUARDED:
        yield case("guarded", action, "Denied", resource.replace("MEMORY", memory).replace("TABLE", table))


GUARDED = (
    ("sts:AssumeRole", ROLE),
    ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/admin"),
    ("sts:TagSession", ROLE),
    ("sts:SetSourceIdentity", ROLE),
    ("sts:AssumeRoot", f"arn:aws:iam::{ACCOUNT}:root"),
    ("sts:GetFederationToken", f"arn:aws:sts::{ACCOUNT}:federated-user/x"),
    ("iam:TagRole", ROLE),
    ("iam:PassRole", ROLE),
    ("iam:PutRolePolicy", ROLE),
    ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/x"),
    ("bedrock:TagResource", f"arn:aws:bedrock:{REGION}:{ACCOUNT}:knowledge-base/ABCDEFGHIJ"),
    ("bedrock:UntagResource", f"arn:aws:bedrock:{REGION}:{ACCOUNT}:knowledge-base/ABCDEFGHIJ"),
    ("bedrock-agentcore:TagResource", "MEMORY"),
    ("bedrock-agentcore:UntagResource", "MEMORY"),
    ("bedrock-agentcore:PutResourcePolicy", f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:runtime/x-a1b2c3d4e5"),
    ("bedrock-agentcore:DeleteResourcePolicy", f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:runtime/x-a1b2c3d4e5"),
    ("dynamodb:TagResource", "TABLE"),
    ("dynamodb:UntagResource", "TABLE"),
    ("dynamodb:PutResourcePolicy", "TABLE"),
    ("dynamodb:DeleteResourcePolicy", "TABLE"),
    ("kms:TagResource", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
    ("kms:UntagResource", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
    ("kms:CreateGrant", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
    ("kms:PutKeyPolicy", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
    ("s3:PutObjectTagging", "arn:aws:s3:::documents/acme/x"),
    ("s3:DeleteObjectTagging", "arn:aws:s3:::documents/acme/x"),
    ("s3:PutObjectVersionTagging", "arn:aws:s3:::documents/acme/x"),
    ("s3:PutBucketTagging", "arn:aws:s3:::documents"),
    ("s3:PutObjectAcl", "arn:aws:s3:::documents/acme/x"),
    ("s3:PutBucketAcl", "arn:aws:s3:::documents"),
    ("s3:PutBucketPolicy", "arn:aws:s3:::documents"),
    ("s3:DeleteBucketPolicy", "arn:aws:s3:::documents"),
    ("s3:TagResource", "arn:aws:s3:::documents"),
    ("s3:UntagResource", "arn:aws:s3:::documents"),
    ("tag:TagResources", "*"),
    ("bedrock:RetrieveAndGenerate", "*"),
    ("bedrock-agentcore:ListActors", "MEMORY"),
    ("bedrock-agentcore:GetMemoryRecord", "MEMORY"),
    ("bedrock-agentcore:DeleteMemoryRecord", "MEMORY"),
    ("bedrock-agentcore:BatchDeleteMemoryRecords", "MEMORY"),
    ("bedrock-agentcore:BatchUpdateMemoryRecords", "MEMORY"),
    ("bedrock-agentcore:ListMemoryExtractionJobs", "MEMORY"),
    ("bedrock-agentcore:IngestData", "MEMORY"),
    ("dynamodb:Scan", "TABLE"),
    ("dynamodb:PartiQLSelect", "TABLE"),
    ("dynamodb:PartiQLInsert", "TABLE"),
    ("dynamodb:PartiQLUpdate", "TABLE"),
    ("dynamodb:PartiQLDelete", "TABLE"),
    ("dynamodb:ExportTableToPointInTime", "TABLE"),
    ("dynamodb:GetRecords", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders/stream/2026-01-01T00:00:00.000"),
)


def tagged(tenant):
    return {} if tenant is None else {"aws:PrincipalTag/TenantID": tenant}


def without(keys, key):
    return {name: value for name, value in keys.items() if name != key}
