//! What the registry says.

use super::{Reason, reason};

pub(super) const REASONS: &[Reason] = &[
    reason(
        "NOT_A_MEMBER",
        "The registry has no membership or client of this issuer, subject and tenant.",
        "Add the member or client; compare the subject with the user claim of the settings, byte by byte.",
    ),
    reason(
        "MEMBER_SUSPENDED",
        "The membership, or the client, is suspended.",
        "Lift the suspension, if it is not meant.",
    ),
    reason(
        "TENANT_AMBIGUOUS",
        "The caller is a member of several tenants, and nobody says which is meant.",
        "Have the token name the tenant, or send the header that selects one.",
    ),
    reason(
        "TENANT_UNKNOWN",
        "There is a membership in a tenant that is not in the registry.",
        "Add the tenant, or remove the membership.",
    ),
    reason(
        "TENANT_SUSPENDED",
        "The tenant is suspended: its users may call nothing.",
        "Resume the tenant, if it is not meant.",
    ),
    reason(
        "AGENT_UNKNOWN",
        "The agent that calls for the user must be registered in the tenant under the user's issuer, and is not.",
        "Register it as a client of the tenant.",
    ),
    reason(
        "AGENT_SUSPENDED",
        "The agent that calls for the user is suspended.",
        "Lift the suspension, if it is not meant.",
    ),
    reason(
        "KILLED",
        "An operator stopped the tenant, what was asked for, or everything.",
        "`tenantgate status` shows who stopped it and why; lift it with `tenantgate kill lift` when the incident is over.",
    ),
    reason(
        "POLICY_MISSING",
        "The tenant, or the baseline, points to a policy whose document is not there.",
        "Publish the policy again.",
    ),
    reason(
        "POLICY_MISMATCH",
        "The pointer, the item and the document of a policy disagree, as in the middle of a publication.",
        "Wait a second and try again; if it stays, publish the policy again.",
    ),
    reason(
        "POLICY_INVALID",
        "The document in the registry is not a policy.",
        "The operator's line says where and why; check it with `tenantgate policy lint` and publish a valid one.",
    ),
    reason(
        "BASELINE_MISSING",
        "The settings require a baseline, and the registry has none.",
        "Publish one, or set `registry.baseline` to OPTIONAL.",
    ),
    reason(
        "REGISTRY_ITEM_MALFORMED",
        "An item of the registry is not what it should be.",
        "The operator's line names the attribute; `tenantgate registry dump` shows the item.",
    ),
    reason(
        "REGISTRY_UNAVAILABLE",
        "The registry did not answer, not in time, or not with everything.",
        "The operator's line names the cause: timeout, throttled, access denied, no such table; then look at the table and the function's role.",
    ),
    reason(
        "ROUTE_UNBOUND",
        "The path is bound to no agent.",
        "Add a route binding; `tenantgate route check` compares them with the gateway's targets.",
    ),
    reason("ROUTE_SUSPENDED", "The path's binding is suspended.", "Activate it, if it is not meant."),
    reason(
        "ROUTE_MALFORMED",
        "The path's binding is not what it should be.",
        "The operator's line names the attribute; correct the binding.",
    ),
    reason(
        "DECISION_CONTEXT_MISSING",
        "The answer has no caller: REQUEST left no decision context, or it has expired.",
        "Check that both interceptors use one table and that the REQUEST interceptor is attached.",
    ),
    reason(
        "DECISION_CONTEXT_CONFLICT",
        "Another request had the same id.",
        "The gateway's request ids must be unique; look at who makes them.",
    ),
    reason(
        "DECISION_CONTEXT_TOO_LARGE",
        "What the answer needs to know of its request is larger than an item may be.",
        "Shorten the token: fewer roles, scopes and claims.",
    ),
    reason(
        "DECISION_CONTEXT_MALFORMED",
        "The decision context is not what it should be.",
        "The operator's line names the attribute; find out who writes such items.",
    ),
];
