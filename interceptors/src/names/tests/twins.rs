//! The same policy and the same messages, once with full names and once within the target: the same answers, but for the prefix.

use std::collections::BTreeSet;

use policy_model::json::quote;
use proptest::prelude::{Just, Strategy, prop};
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

use super::stage::{MARK, PREFIX, Stage, call, document, event, in_names, list, names_in, orders, request};
use crate::message::Message;
use crate::names::Names;
use crate::question::Question;
use crate::task_list::OwnTasks;

fn run<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(strategy, |value| {
            test(value);
            Ok(())
        })
        .unwrap();
}

/// Names that nothing else in these messages has.
fn name() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &["getOrder", "purgeAll", "admin.refund", "wipe-all", "x_amz_bedrock_agentcore_search"];
    prop_oneof![3 => select(KNOWN).prop_map(str::to_owned), 1 => "[q-z][q-zQ-Z0-9]{5,9}([._-][q-z]{2,4}){0,2}"]
}

/// Also what is no name, or has another target's in it.
fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => name(),
        1 => select(&["_x", "", "a b", "crm___getOrder", "a__b", "a____b", "Tool\u{200b}", "getOrder ", "*"][..]).prop_map(str::to_owned),
        1 => (240..260_usize).prop_map(|length| "x".repeat(length)),
    ]
}

fn policy() -> impl Strategy<Value = String> {
    let resource = prop_oneof![
        4 => name().prop_map(|name| format!("orders___{name}")),
        2 => Just("orders___*".to_owned()),
        1 => name(),
        1 => name().prop_map(|name| format!("*___{name}")),
        1 => select(&["*", "or*___*e*", "crm___*", "crm___getOrder", "orders___crm___*"][..]).prop_map(str::to_owned),
    ];
    let condition = prop_oneof![
        3 => Just(String::new()),
        1 => Just(r#","conditions":[{"path":"$.arguments.orderId","operator":"EQUALS","value":"A-1"}]"#.to_owned()),
        1 => Just(r#","conditions":[{"path":"$.arguments.orderId","operator":"EQUALS","value":"A-2"}]"#.to_owned()),
        1 => Just(r#","conditions":[{"path":"$.tool","operator":"EQUALS","value":"orders___getOrder"}]"#.to_owned()),
    ];
    let effect = prop_oneof![2 => Just("ALLOW"), 1 => Just("DENY")];
    let rule = (effect, resource.clone(), condition).prop_map(|(effect, resource, condition)| {
        format!(
            "{{\"effect\":\"{effect}\",\"resourceType\":\"TOOL\",\"resources\":[\"agent:tool:{resource}\"]{condition}}}"
        )
    });
    let redaction = resource.clone().prop_map(|resource| {
        format!("{{\"resources\":[\"agent:tool:{resource}\"],\"path\":\"$..ssn\",\"action\":\"MASK\"}}")
    });
    let argument = resource.prop_map(|resource| {
        format!("{{\"resources\":[\"agent:tool:{resource}\"],\"path\":\"$.arguments.region\",\"action\":\"SET\",\"value\":\"eu\"}}")
    });
    let target = select(&["", "\"defaultTarget\":\"orders\",", "\"defaultTarget\":\"crm\","][..]);
    (
        prop::collection::vec(rule, 0..6),
        prop::collection::vec(redaction, 0..2),
        prop::collection::vec(argument, 0..2),
        target,
    )
        .prop_map(|(rules, redactions, arguments, target)| {
            let (rules, redactions, arguments) = (rules.join(","), redactions.join(","), arguments.join(","));
            format!("{target}\"rules\":[{rules}],\"redactions\":[{redactions}],\"arguments\":[{arguments}]")
        })
}

#[test]
fn calls_are_decided_alike_and_results_redacted_alike() {
    run(600, &(policy(), any_name()), |(policy, name)| {
        let stage = Stage::new(&policy);
        let message = call(&format!("{MARK}{name}"));
        let [full, own] = [Names::GATEWAY, orders()].map(|names| {
            let header = format!("{{\"Mcp-Name\":{}}}", quote(&in_names(names, &format!("{MARK}{name}"))));
            stage.ask(names, &in_names(names, &message), &header)
        });
        match (&full, &own) {
            (Ok((full, full_trail)), Ok((own, own_trail))) => {
                assert_eq!(full.replacen(PREFIX, "", 1), *own);
                assert_eq!(full_trail, own_trail, "the audit line says the full name");
            }
            (Err(full), Err(own)) => assert_eq!(full, own),
            (Ok(_), Err(_)) | (Err(_), Ok(_)) => panic!("{name}: {full:?} {own:?}"),
        }
        if full.is_err() {
            return;
        }
        let result = r#"{"content":[{"type":"text","text":"{\"ssn\":\"078-05-1120\"}"}],"structuredContent":{"ssn":1,"tools":["a"]}}"#;
        let [full, own] = [Names::GATEWAY, orders()].map(|names| stage.see(names, &in_names(names, &message), result));
        // The gateway's own search is not within a target.
        assert_eq!(full, own);
    });
}

#[test]
fn lists_show_the_same_tools_and_only_what_may_be_called() {
    let lists = prop::collection::vec(any_name(), 1..8).prop_flat_map(|listed| {
        let mentions = prop::collection::vec((select(listed.clone()), select(MENTIONS)), 0..6);
        (Just(listed), mentions)
    });
    run(800, &(policy(), lists), |(policy, (listed, mentions))| {
        let stage = Stage::new(&policy);
        let entry = |name: &String| {
            format!(
                r#"{{"name":{},"inputSchema":{{"type":"object","properties":{{"region":{{}},"tools":{{}}}},"required":["region"]}}}}"#,
                quote(&format!("{MARK}{name}"))
            )
        };
        // A name with another's target in it, or what is none, would not be read alike in a text.
        let is_plain = |name: &str| {
            name.len() < 99 && !name.contains("__") && !name.contains([' ', '*', '\u{200b}']) && !name.starts_with('_')
        };
        let mentions = mentions.iter().filter(|(name, _)| !name.is_empty() && is_plain(name)).enumerate();
        let mentions = mentions
            .map(|(index, (name, text))| format!("\"m{index}\":{}", text.replace("NAME", &format!("{MARK}{name}"))));
        let mentions = mentions.collect::<Vec<_>>().join(",");
        let entries = listed.iter().map(entry).collect::<Vec<_>>().join(",");
        let result = format!("{{\"tools\":[{entries}],\"_meta\":{{{mentions}}},\"ttlMs\":1}}");
        let [full, own] =
            [Names::GATEWAY, orders()].map(|names| stage.see(names, &list(), &in_names(names, &result)).unwrap());
        assert_eq!(full.replace(PREFIX, ""), own, "{policy}\n{result}");

        let (shown, counted): (BTreeSet<String>, BTreeSet<&String>) =
            (names_in(&own, "tools").into_iter().collect(), listed.iter().collect());
        for name in counted {
            let is_once = listed.iter().filter(|other| *other == name).count() == 1;
            let may = [r#"{"orderId":"A-1"}"#, r#"{"orderId":"A-2"}"#, r#"{"orderId":"A-3"}"#, "{}"].iter().any(
                |arguments| {
                    let message =
                        request("tools/call", &format!("{{\"name\":{},\"arguments\":{arguments}}}", quote(name)));
                    stage.ask(orders(), &message, "{}").is_ok()
                },
            );
            assert_eq!(shown.contains(name), is_once && may, "{name} {policy}");
        }
    });
}

#[test]
fn what_was_noted_of_a_request_asks_the_same() {
    let result = r#"{"content":[],"contents":[{"uri":"mem:a","text":"{\"ssn\":1}"}],"tools":[{"name":"getOrder"}],"prompts":[{"name":"ask"}],"structuredContent":{"ssn":1}}"#;
    let stage = Stage::new(
        r#""rules":[{"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:orders___getOrder"]}],
           "redactions":[{"resources":["agent:tool:orders___getOrder","agent:prompt:orders___ask"],"path":"$..ssn","action":"MASK"}]"#,
    );
    let mut seen = BTreeSet::new();
    for (method, params) in [
        ("tools/call", r#"{"name":"getOrder"}"#),
        ("tools/call", r#"{"name":"purge"}"#),
        ("prompts/get", r#"{"name":"ask"}"#),
        ("resources/read", r#"{"uri":"mem:a"}"#),
        ("completion/complete", r#"{"ref":{"type":"ref/prompt","name":"ask"}}"#),
        ("completion/complete", r#"{"ref":{"type":"ref/resource","uri":"mem:{a}"}}"#),
        ("tools/list", "{}"),
        ("prompts/list", "{}"),
        ("initialize", "{}"),
    ] {
        let (message, headers) = (document(&request(method, params)), document("{}"));
        let message = Message::parse(&event(orders(), &message, &headers)).unwrap();
        let noted = message.wanted().map(|wanted| wanted.resource().unwrap());
        let recalled = Question::recalled(Some(method), noted.as_ref(), OwnTasks::new()).unwrap();
        let again = stage.see_of(orders(), &recalled, result);
        let asked = Question::of(message.clone(), OwnTasks::new()).unwrap();
        assert_eq!(again, stage.see_of(orders(), &asked, result), "{method} {params}");
        seen.insert(again.unwrap_or_default());
    }
    assert!(seen.len() >= 5, "{seen:?}");
}

/// Values that say a tool's name.
const MENTIONS: &[&str] = &[
    r#""NAME""#,
    r#"["NAME","else"]"#,
    r#""first (NAME), then done""#,
    r#""mcp__gw__NAME""#,
    r#"{"NAME":1}"#,
    r#"{"title":"NAME"}"#,
    r#"{"name":"NAME","description":"d"}"#,
    r#"{"name":"NAME","parameters":{}}"#,
    r#"{"name":"NAME","inputSchema":{}}"#,
    r#""{\"tools\":[{\"name\":\"NAME\"}]}""#,
    r#"{"tools":[{"name":"NAME"}]}"#,
    r#""{\"deep\":\"use NAME\"}""#,
];
