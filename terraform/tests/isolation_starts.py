"""Who asks to start a session, and with what. STS judges a call as sts:AssumeRole, or its sibling for web identities; as sts:TagSession if it brings
tags; and as sts:SetSourceIdentity if it brings a source identity."""

from isolation_cases import ACCOUNT, MALFORMED, ROLE, SESSION, Case, without

BROKER = f"arn:aws:sts::{ACCOUNT}:assumed-role/tenantgate-session/instance"
ISSUER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/login.example.com/tenants"
AUDIENCE = "login.example.com/tenants:aud"


def start_cases():
    return [*trust_cases(), *broker_cases()]


def trust_cases():
    strangers = [f"arn:aws:sts::{ACCOUNT}:assumed-role/tenantgate-agent/instance", "arn:aws:sts::210987654321:assumed-role/tenantgate-session/instance"]
    strangers += [f"arn:aws:iam::{ACCOUNT}:user/tenantgate-session", SESSION, f"arn:aws:sts::{ACCOUNT}:assumed-role/tenantgate-session-2/instance"]
    issuers = [ISSUER + "-2", ISSUER.replace(ACCOUNT, "210987654321"), ISSUER.removesuffix("/tenants")]
    web = {AUDIENCE: "tenantgate"}
    name = {"sts:RoleSessionName": "tenantgate-0123456789abcdef"}
    yield from calls("trust", "sts:AssumeRole", BROKER, tag_keys() | source() | name, strangers + [ISSUER], attached="trust", identity=())
    yield from calls("trust", "sts:AssumeRoleWithWebIdentity", ISSUER, tag_keys() | source() | web, issuers + [BROKER], attached="trust", identity=())
    for principal, others in ((BROKER, strangers), (ISSUER, issuers)):
        yield from calls("trust", "sts:TagSession", principal, tag_keys(), others, attached="trust", identity=())
        yield from calls("trust", "sts:SetSourceIdentity", principal, source(), others, attached="trust", identity=())


def broker_cases():
    name = {"sts:RoleSessionName": "tenantgate-0123456789abcdef"}
    for action, keys in (("sts:AssumeRole", tag_keys() | source() | name), ("sts:TagSession", tag_keys()), ("sts:SetSourceIdentity", source())):
        yield from calls("broker", action, BROKER, keys, [], identity=("broker",))
        for role in (f"arn:aws:iam::{ACCOUNT}:role/admin", ROLE + "-2", ROLE.replace("/tenants/", "/"), ROLE.replace("/tenants/", "/other/")):
            yield Case("broker", "elsewhere", action, role, keys, "Refused", principal=BROKER, identity=("broker",))
    yield Case("broker", "not granted", "sts:AssumeRoleWithWebIdentity", ROLE, tag_keys() | source(), "Refused", principal=BROKER, identity=("broker",))


def calls(policy, action, principal, keys, strangers, **more):
    def case(kind, right, keys=keys, principal=principal, note=""):
        return Case(policy, kind, action, ROLE, keys, right, principal=principal, note=note, **more)

    yield case("own", "Allowed")
    for stranger in strangers:
        yield case("foreign principal", "Refused", principal=stranger)
    if "sts:SourceIdentity" in keys:
        yield case("no source identity", "Refused", without(keys, "sts:SourceIdentity"))
        yield case("no source identity", "Refused", keys | {"sts:SourceIdentity": ""})
    if "sts:RoleSessionName" in keys:
        for name in ("acme", "tenantgate", "tenantgate-", "x-tenantgate-1", "Tenantgate-1"):
            yield case("session name", "Refused", keys | {"sts:RoleSessionName": name})
        yield case("session name", "Refused", without(keys, "sts:RoleSessionName"))
    if AUDIENCE in keys:
        for audience in ("other", "tenantgate-2", "TENANTGATE", ""):
            yield case("audience", "Refused", keys | {AUDIENCE: audience})
        yield case("audience", "Refused", without(keys, AUDIENCE))
        yield case("audience", "Refused", without(keys, AUDIENCE) | {"login.example.com/tenants:oaud": "tenantgate"})
        yield case("audience", "Refused", without(keys, AUDIENCE) | {"login.example.com:aud": "tenantgate"})
    if "aws:TagKeys" not in keys:
        return
    rest = {name: value for name, value in keys.items() if name not in tag_keys()}
    yield case("untagged", "Refused", rest)
    yield case("untagged", "Refused", rest | {"sts:TransitiveTagKeys": ["TenantID"]})
    yield case("empty", "Refused", rest | tag_keys(tenant=""))
    yield case("other tag", "Refused", rest | {"aws:RequestTag/Tenant": "acme", "aws:TagKeys": ["Tenant"], "sts:TransitiveTagKeys": ["Tenant"]})
    yield case("other tag", "Refused", rest | {"aws:RequestTag/Tenant": "acme", "aws:TagKeys": ["Tenant"], "sts:TransitiveTagKeys": ["TenantID"]})
    for spelling in ("tenantid", "TenantId", "TENANTID"):
        yield case("tag in another case", "Refused", rest | {f"aws:RequestTag/{spelling}": "acme", "aws:TagKeys": [spelling], "sts:TransitiveTagKeys": [spelling]})
        yield case("tag in another case", "Refused", rest | {f"aws:RequestTag/{spelling}": "acme", "aws:TagKeys": [spelling], "sts:TransitiveTagKeys": ["TenantID"]})
    yield case("two tags", "Refused", rest | tag_keys() | {"aws:RequestTag/Role": "admin", "aws:TagKeys": ["TenantID", "Role"]})
    yield case("two tags", "Refused", rest | tag_keys() | {"aws:RequestTag/Role": "admin", "aws:TagKeys": ["Role", "TenantID"], "sts:TransitiveTagKeys": ["Role", "TenantID"]})
    yield case("not transitive", "Refused", without(keys, "sts:TransitiveTagKeys"))
    yield case("not transitive", "Refused", keys | {"sts:TransitiveTagKeys": []})
    yield case("not transitive", "Refused", keys | {"sts:TransitiveTagKeys": ["Role"]})
    if action != "sts:TagSession":
        for malformed in MALFORMED:
            yield case("malformed", "Refused", rest | tag_keys(tenant=malformed), note=malformed)
        for tenant in ("a", "9", "Acme", "a.b", "a-b", "a_b", "a" * 63):
            yield case("own", "Allowed", rest | tag_keys(tenant=tenant), note=tenant)


def tag_keys(tenant="acme"):
    return {"aws:RequestTag/TenantID": tenant, "aws:TagKeys": ["TenantID"], "sts:TransitiveTagKeys": ["TenantID"]}


def source():
    return {"sts:SourceIdentity": "0123456789abcdef0123456789abcdef"}
