use policy_model::{Arguments, Caller, Decision, Layers, Request, Resource, ToolName, UserId, decide};

use super::*;

fn kill(id: &str, scope: KillScope) -> Kill {
    Kill { id: id.to_owned(), scope, reason: Some("incident 7".to_owned()), by: "op".to_owned(), at: 1 }
}

fn switch() -> KillSwitch {
    let acme = TenantId::parse("acme").unwrap();
    let refund = |tenant| KillScope::Resource { resource: "agent:tool:orders___refund".to_owned(), tenant };
    let get = KillScope::Resource { resource: "agent:tool:get".to_owned(), tenant: Some(acme.clone()) };
    let kills = vec![
        kill("K5", get),
        kill("K1", KillScope::Tenant(TenantId::parse("globex").unwrap())),
        kill("K2", refund(None)),
        kill("K3", refund(Some(acme))),
        kill("K4", KillScope::Resource { resource: "agent:model:*".to_owned(), tenant: None }),
    ];
    KillSwitch { revision: 4, kills }
}

/// The kill that settles a call.
fn denial(switch: &KillSwitch, tenant: &TenantId, name: &str) -> Option<String> {
    let kills = switch.policy(tenant).unwrap();
    let rule = r#"{"ruleId":"A","effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:*"]}"#;
    let policy = Policy::parse(format!(r#"{{"policyId":"P","tenantId":"acme","rules":[{rule}]}}"#).as_bytes()).unwrap();
    let layers = Layers { kills: kills.as_ref(), ..Layers::of(&policy) };
    let (user, none) = (UserId::parse("alice").unwrap(), &[][..]);
    let caller = Caller {
        tenant,
        user: &user,
        issuer: "i",
        agent: None,
        roles: [none; 2],
        workspaces: none,
        scopes: none,
        claims: None,
    };
    let tool = Resource::Tool(ToolName::parse(name).unwrap());
    match decide(layers, &Request::new(&caller, tool, Arguments::Known(None), 0), ()) {
        Decision::Permit(_) => None,
        Decision::Denial(denial) => Some(denial.rule().unwrap().to_string()),
    }
}

#[test]
fn an_item_says_what_was_written() {
    assert_eq!(KillSwitch::from_item(&switch().to_item()).unwrap(), switch());
    let none = KillSwitch { revision: 9, kills: Vec::new() };
    assert_eq!(KillSwitch::from_item(&none.to_item()).unwrap(), none);
}

#[test]
fn a_kill_is_for_whom_it_says() {
    let [acme, globex] = ["acme", "globex"].map(|tenant| TenantId::parse(tenant).unwrap());
    assert!(switch().stops(&globex) && !switch().stops(&acme));
    for (tenant, name, is_stopped) in [
        (&acme, "orders___refund", true),
        (&globex, "orders___refund", true),
        (&acme, "orders___get", true),
        (&globex, "orders___get", false),
        (&acme, "orders___list", false),
    ] {
        assert_eq!(denial(&switch(), tenant, name).is_some(), is_stopped, "{tenant} {name}");
    }
    assert_eq!(denial(&switch(), &globex, "orders___refund").unwrap(), "K2");
    let all = KillSwitch { revision: 1, kills: vec![kill("K1", KillScope::All)] };
    assert!(all.stops(&acme) && all.policy(&acme).unwrap().is_none());
}

#[test]
fn what_cannot_be_read_is_malformed() {
    let of = |kills: &str| {
        let mut item = switch().to_item();
        item.insert(DOCUMENT.into(), text(&format!("{{\"kills\":[{kills}]}}")));
        KillSwitch::from_item(&item)
    };
    let tenant = r#"{"id":"K1","scope":"TENANT","tenantId":"acme","by":"op","at":1}"#;
    assert!(of(tenant).is_ok());
    for kills in [
        &tenant.replace("acme", ""),
        &tenant.replace("TENANT", "tenant"),
        &tenant.replace("TENANT", "ALL"),
        &tenant.replace("TENANT", "RESOURCE"),
        &tenant.replace("K1", "a b"),
        &tenant.replace("\"by\"", "\"until\""),
        &format!("{tenant},{tenant}"),
        r#"{"id":"K1","scope":"RESOURCE","resource":"orders___refund","by":"op","at":1}"#,
        r#"{"id":"K1","scope":"RESOURCE","resource":"agent:tool:","by":"op","at":1}"#,
    ] {
        assert_eq!(of(kills), Err(MalformedItem(DOCUMENT)), "{kills}");
    }
    let mut item = switch().to_item();
    item.remove(REVISION);
    assert_eq!(KillSwitch::from_item(&item), Err(MalformedItem(REVISION)));
}
