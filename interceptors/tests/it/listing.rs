//! A tool is listed if and only if it may be called, and a second opinion agrees.

use interceptors::event::Point;
use proptest::prelude::{Strategy, prop};
use proptest::prop_oneof;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::mutation::runner;
use crate::naive_policy::permits;
use crate::stage::BlockingStage;
use crate::{events, fixtures};

#[test]
fn a_tool_is_listed_if_and_only_if_it_may_be_called() {
    let stage = BlockingStage::start();
    let callers =
        [("alice", "acme"), ("bob", "globex"), ("judy", "initech"), ("grace", "Tenant-A"), ("heidi", "acme-eu")].map(
            |(subject, tenant)| (stage.stage.signer.token(subject, tenant), fixtures::policy(&tenant.to_lowercase())),
        );
    let name = prop_oneof![
        4 => (select(TARGETS), select(DELIMITERS), select(TOOLS)).prop_map(|(target, delimiter, tool)| format!("{target}{delimiter}{tool}")),
        2 => (select(TARGETS), "[a-zA-Z0-9_.-]{0,6}").prop_map(|(target, tool)| format!("{target}___{tool}")),
        1 => select(TOOLS).prop_map(str::to_owned),
        1 => ".{0,8}",
        1 => (0..300_usize).prop_map(|length| format!("orders___{}", "x".repeat(length))),
    ];
    let lists = (prop::collection::btree_set(name, 0..12), 0..callers.len());
    let mut listed_once = false;
    runner(400)
        .run(&lists, |(names, caller)| {
            let (token, policy) = &callers[caller];
            let tools: Vec<Value> =
                names.iter().map(|name| json!({"name": name, "inputSchema": {"type": "object"}})).collect();
            let event = events::response(token, &events::list(), &events::result(&json!({"tools": tools})));
            let received = stage.send(Point::Response, event.as_bytes());
            let body: Value = serde_json::from_str(received.body().unwrap()).unwrap();
            let listed = body["result"]["tools"].as_array().unwrap();
            assert!(listed.iter().all(|tool| tools.contains(tool)));
            for name in &names {
                let is_listed = listed.iter().any(|tool| tool["name"] == *name);
                let call = events::request(token, &events::call(name));
                let is_called = !stage.send(Point::Request, call.as_bytes()).is_refused();
                assert_eq!(is_listed, is_called, "{name:?}");
                assert_eq!(is_listed, permits(policy, name), "{name:?}");
            }
            Ok(())
        })
        .unwrap();
    for (token, _) in &callers {
        let tools =
            json!({"tools": TOOLS.iter().chain(&CALLABLE).map(|name| json!({"name": name})).collect::<Vec<_>>()});
        let event = events::response(token, &events::list(), &events::result(&tools));
        let body = stage.send(Point::Response, event.as_bytes()).body().unwrap().to_owned();
        listed_once |= CALLABLE.iter().any(|name| body.contains(name));
    }
    assert!(listed_once);
}

const TARGETS: &[&str] =
    &["orders", "Orders", "orders-admin", "crm", "billing", "support", "lab", "admin", "payroll", "x.y", ""];
const DELIMITERS: &[&str] = &["___", "___", "___", "__", "____", "_"];
const TOOLS: &[&str] = &[
    "getOrder",
    "purgeAll",
    "purge",
    "getContact",
    "deleteContact",
    "deleteNote",
    "invoice.get",
    "invoiceXget",
    "order-lookup",
    "admin-refund",
    "admin-",
    "wipe",
    "getEmployee",
    "runReport",
    "deleteEmployee",
    "aaaaaaaaaaaaab",
    "aaaaaaaaaaaab",
    "x_amz_bedrock_agentcore_search",
    "a___wipe",
    "*",
    "_x",
    "getOrder ",
];
const CALLABLE: [&str; 3] = ["orders___getOrder", "payroll___getEmployee", "x_amz_bedrock_agentcore_search"];
