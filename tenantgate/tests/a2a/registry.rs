//! The registry folder of the tests: acme has redactions and a denied skill, globex has none, and initech no agent at all.

use std::path::Path;

use serde_json::{Value, json};

/// Writes the folder.
pub(crate) fn write(folder: &Path) {
    let tenants = [("acme", "POL-ACME"), ("globex", "POL-GLOBEX"), ("initech", "POL-INITECH")];
    let members = [("alice", "acme"), ("bob", "globex"), ("carol", "initech")];
    let tenant = |(tenant, policy)| json!({"tenantId": tenant, "status": "ACTIVE", "policyId": policy});
    let member = |(user, tenant)| member(user, tenant, "ACTIVE");
    let route = |id: &str, path: &str, agent: &str, responses: &str, status: &str| {
        json!({"bindingId": id, "path": path, "protocol": "A2A", "agentName": agent, "appId": "helpdesk",
               "responses": responses, "status": status})
    };
    put(folder, "tenants.json", tenants.into_iter().map(tenant).collect());
    put(folder, "members.json", members.into_iter().map(member).collect());
    put(folder, "clients.json", json!([]));
    put(
        folder,
        "routes.json",
        json!([
            route("support-a2a", "/support", "support", "ANY", "ACTIVE"),
            route("billing-a2a", "/billing", "billing", "ANY", "ACTIVE"),
            route("buffered-a2a", "/buffered", "support", "BUFFERED", "ACTIVE"),
            route("closed-a2a", "/closed", "support", "ANY", "SUSPENDED"),
            route("half-a2a", "/half", "support", "ANY", "ACTIVE"),
            route("half-a2a-send", "/half/message:send", "support", "ANY", "SUSPENDED"),
        ]),
    );
    std::fs::create_dir(folder.join("policies")).unwrap();
    put(folder, "policies/acme.json", acme());
    put(folder, "policies/globex.json", globex(json!([])));
    put(
        folder,
        "policies/initech.json",
        json!({"policyId": "POL-INITECH", "tenantId": "initech", "rules": [
            {"ruleId": "tools", "effect": "ALLOW", "resourceType": "TOOL", "resources": ["agent:tool:*"]}]}),
    );
}

/// One entry of `members.json`.
pub(crate) fn member(user: &str, tenant: &str, status: &str) -> Value {
    json!({"issuer": tenantgate::token::DEFAULT_ISSUER, "subject": user, "tenantId": tenant, "roles": [], "status": status})
}

/// The policy of globex, with these redactions.
pub(crate) fn globex(redactions: Value) -> Value {
    let support = json!({"ruleId": "support", "effect": "ALLOW", "resourceType": "AGENT",
                         "resources": ["agent:agent:support"]});
    json!({"policyId": "POL-GLOBEX", "tenantId": "globex", "rules": [support], "redactions": redactions,
           "pushNotificationUrls": ["https://hooks.globex.example/*"]})
}

fn acme() -> Value {
    let agent = json!(["agent:agent:support"]);
    json!({
        "policyId": "POL-ACME",
        "tenantId": "acme",
        "pushNotificationUrls": ["https://hooks.acme.example/*"],
        "rules": [
            {"ruleId": "support", "effect": "ALLOW", "resourceType": "AGENT", "resources": agent},
            {"ruleId": "no-refund", "effect": "DENY", "resourceType": "AGENT",
             "resources": ["agent:agent:support/refund"], "reason": "People decide on refunds"},
        ],
        "redactions": [
            {"resources": agent, "path": "$..ssn", "action": "MASK"},
            {"resources": agent, "detect": ["PAYMENT_CARD", "URL_CREDENTIALS"], "action": "MASK"},
        ],
    })
}

/// Writes a document of the folder.
pub(crate) fn put(folder: &Path, name: &str, document: Value) {
    std::fs::write(folder.join(name), document.to_string()).unwrap();
}
