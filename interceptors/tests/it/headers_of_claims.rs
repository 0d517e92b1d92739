//! What an allowed request carries to the target is a matter of the verified claims, whatever else the caller sends.

use std::collections::BTreeMap;

use interceptors::event::Point;
use proptest::prelude::{Strategy, any, prop};
use proptest::prop_oneof;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::events;
use crate::mutation::runner;
use crate::received::Received;
use crate::signer::{Signer, claims};
use crate::stage::{BlockingStage, reply};

#[test]
fn headers_arguments_and_meta_of_the_caller_change_nothing_of_the_headers_that_go_on() {
    let stage = BlockingStage::start();
    let callers: Vec<(String, &str, BTreeMap<String, String>)> = [
        ("alice", "acme", "orders___getOrder"),
        ("bob", "globex", "payroll___getEmployee"),
        ("ripley", "cyberdyne", "lab___read"),
        ("ripley", "tyrell", "lab___read"),
    ]
    .map(|(user, tenant, tool)| (stage.stage.signer.token(user, tenant), tool, carried(tenant, user)))
    .into();
    let interceptors = ["CLAIM", "MEMBERSHIP"].map(|selection| {
        stage.stage.interceptor(Point::Request, |settings| {
            settings["issuers"][0]["tenantSelection"] = json!(selection);
        })
    });
    let sent = (select(callers), headers(), values(), values(), 0..2_usize);
    let check = |((token, tool, expected), headers, arguments, meta, selection): ((String, _, _), _, _, _, usize)| {
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                             "params": {"name": tool, "arguments": arguments, "_meta": meta}});
        let event = events::request_with(&token, &headers, &message.to_string());
        let received = Received::read(&stage.block_on(reply(&interceptors[selection], event.as_bytes())));
        let Received::Forwarded { headers, .. } = received else { panic!("{received:?}: {event}") };
        assert_eq!(headers, expected, "{event}");
        Ok(())
    };
    runner(1_500).run(&sent, check).unwrap();
}

#[test]
fn a_choice_among_tenants_gives_one_of_the_callers_own_or_a_refusal() {
    let stage = BlockingStage::start();
    let interceptor = stage.stage.interceptor(Point::Request, |settings| {
        settings["issuers"][0]["tenantSelection"] = json!("MEMBERSHIP");
    });
    let token = nameless(&stage.stage.signer, "ripley");
    let choice = prop_oneof![select(TENANTS).prop_map(str::to_owned), any::<String>(), "[A-Za-z0-9._-]{1,12}"];
    let mut chosen = 0;
    runner(800)
        .run(&(choice, name_like("x-tenant-selector"), headers()), |(choice, selector, mut headers)| {
            headers.as_object_mut().unwrap().retain(|name, _| !is_spelling_of(name, "x-tenant-selector"));
            headers[selector.as_str()] = json!(choice);
            let event = events::request_with(&token, &headers, &events::call("lab___read"));
            match Received::read(&stage.block_on(reply(&interceptor, event.as_bytes()))) {
                Received::Forwarded { headers, .. } => {
                    assert!(["cyberdyne", "tyrell"].contains(&choice.as_str()), "{event}");
                    assert_eq!(headers, carried(&choice, "ripley"), "{event}");
                }
                received @ (Received::Refused { .. } | Received::Answered { .. } | Received::Nothing) => {
                    assert!(received.is_refused() && !["cyberdyne", "tyrell"].contains(&choice.as_str()), "{event}")
                }
            }
            Ok(())
        })
        .unwrap();
    for tenant in ["cyberdyne", "tyrell"] {
        let event = events::request_with(&token, &json!({"x-tenant-selector": tenant}), &events::call("lab___read"));
        chosen += usize::from(!Received::read(&stage.block_on(reply(&interceptor, event.as_bytes()))).is_refused());
    }
    assert_eq!(chosen, 2);
}

fn carried(tenant: &str, user: &str) -> BTreeMap<String, String> {
    [("x-tenant-id", tenant), ("x-user-id", user)].map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// A token without a tenant.
fn nameless(signer: &Signer, user: &str) -> String {
    let mut claims = claims(user, "acme");
    claims.as_object_mut().unwrap().remove("custom:tenant_id");
    signer.sign(&claims)
}

/// Headers of the caller's own, those that say who is calling above all, in any spelling.
fn headers() -> impl Strategy<Value = Value> {
    let name = prop_oneof![4 => select(NAMES).prop_flat_map(name_like), 1 => "[a-z]{1,3}-[a-z]{1,8}"];
    prop::collection::btree_map(name, value(), 0..6).prop_map(|headers| json!(headers))
}

/// A name with other cases, with `_` for `-`, and with white space around it.
pub(crate) fn name_like(name: &'static str) -> impl Strategy<Value = String> {
    (prop::collection::vec(any::<(bool, bool)>(), name.len()), select(&["", "", "", " ", "\t"][..])).prop_map(
        move |(changes, around)| {
            let spelt = name.chars().zip(changes).map(|(letter, (upper, underscore))| match letter {
                '-' if underscore => '_',
                letter if upper => letter.to_ascii_uppercase(),
                letter => letter,
            });
            format!("{around}{}{around}", spelt.collect::<String>())
        },
    )
}

/// Arguments, or what stands in `_meta`.
fn values() -> impl Strategy<Value = Value> {
    prop::collection::btree_map(prop_oneof![select(NAMES).prop_map(str::to_owned), "[a-z]{1,6}"], value(), 0..5)
        .prop_map(|members| json!(members))
}

/// What a caller writes where it should write nothing: mostly texts.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![select(TENANTS).prop_map(str::to_owned), "[ -~]{0,20}", any::<String>()];
    prop_oneof![
        6 => text.clone().prop_map(Value::from),
        1 => any::<i32>().prop_map(Value::from),
        1 => prop::collection::vec(text, 0..3).prop_map(Value::from),
        1 => select(vec![json!(null), json!({"tenant": "globex"}), json!(true)]),
    ]
}

fn is_spelling_of(spelling: &str, name: &str) -> bool {
    spelling.trim().to_lowercase().replace('_', "-") == name
}

const NAMES: &[&str] = &[
    "x-tenant-id",
    "x-user-id",
    "x-tenant-selector",
    "x-tenant",
    "x-forwarded-user",
    "x-amzn-oidc-identity",
    "tenant",
    "sub",
    "custom:tenant_id",
    "x-roles",
    "cookie",
    "forwarded",
    "x-authenticated-user",
    "baggage",
];

const TENANTS: &[&str] =
    &["acme", "globex", "cyberdyne", "tyrell", "weyland", "Tenant-A", "*", "", "alice", "root", "client:desk"];
