//! What holds for any JSON.

use policy_model::json::{self, quote};
use proptest::prelude::{Strategy, any, prop};
use proptest::sample::select;
use proptest::{prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::{METHODS, asked, policy, post, see_as, task};
use crate::a2a::A2aRequest;
use crate::a2a::method::{Binding, Method};
use crate::a2a::tasks::{answer_tasks, created_tasks};

proptest! {
    #[test]
    fn no_json_makes_anybody_panic(text in json_text(), method in select(METHODS), is_rpc in any::<bool>()) {
        let redacting = policy("[]", r#"[{"resources":["agent:agent:*"],"path":"$..ssn","action":"MASK"}]"#);
        let document = json::parse(text.as_bytes()).unwrap();
        let binding = if is_rpc { Binding::JsonRpc } else { Binding::HttpJson };
        let asked = asked(method, binding);
        let rpc = format!(r#"{{"jsonrpc":"2.0","id":1,"result":{text}}}"#);
        let rpc = json::parse(rpc.as_bytes()).unwrap();
        let body = if is_rpc { rpc.root() } else { document.root() };
        if let Ok(seen) = see_as(&redacting, &asked, body) {
            let shown = seen.unwrap_or_else(|| body.text().to_owned());
            // No path leads into a card.
            let is_card = matches!(method, Method::Card | Method::ExtendedCard);
            prop_assert!(is_card || !shown.contains("CANARY"), "{shown}");
            prop_assert!(json::parse(shown.as_bytes()).is_ok(), "{shown}");
        }
        let created = created_tasks(&asked, body).unwrap_or_default();
        prop_assert!(created.tasks.iter().all(|task| body.text().contains(task.as_str())));
        let about = answer_tasks(&asked, body, &task("t-1"));
        prop_assert!(created.tasks.is_empty() || created.tasks == [task("t-1")] || about.is_err());
        for rest in ["", "/v1/message:send", "/message:send"] {
            let read = A2aRequest::parse(&post(rest, document.root()));
            prop_assert!(read.is_ok_and(|read| read.message.is_some()) <= document.root().get("message").is_some());
        }
    }

    /// Whatever is read has one reading: no member that matters stands in another spelling as well.
    #[test]
    fn what_is_read_has_no_other_reading(name in select(MESSAGE), spelling in 0..4_usize, value in json_text()) {
        let other = match spelling {
            0 => name.to_uppercase(),
            1 => name.chars().flat_map(|it| if it.is_uppercase() { vec!['_', it.to_ascii_lowercase()] } else { vec![it] }).collect(),
            2 => format!("{name}\u{200b}"),
            _ => format!("_{name}"),
        };
        let text = format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"message/send","params":{{"message":{{"parts":[],{}:{value}}}}}}}"#, quote(&other)
        );
        let document = json::parse(text.as_bytes()).unwrap();
        let found = A2aRequest::parse(&post("", document.root()));
        let is_same = other == name;
        prop_assert_eq!(found.is_err() || is_same, true, "{}", text);
    }
}

/// Objects of the protocol, and what looks like them, with canaries where the path of the redaction leads.
fn json_text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        any::<i32>().prop_map(|number| number.to_string()),
        "[a-z]{0,8}".prop_map(|text| quote(&text)),
        select(vec![
            "null",
            "true",
            r#""text""#,
            r#""task""#,
            r#""message""#,
            r#"{"ssn":"CANARY-1"}"#,
            r#""{\"ssn\":\"CANARY-2\"}""#
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(6, 40, 5, |inner| {
        let members = prop::collection::btree_map(select(MEMBERS), inner.clone(), 0..5);
        let object = members.prop_map(|members| {
            let members: Vec<String> =
                members.into_iter().map(|(name, value)| format!("{}:{value}", quote(name))).collect();
            format!("{{{}}}", members.join(","))
        });
        let list = prop::collection::vec(inner, 0..4).prop_map(|elements| format!("[{}]", elements.join(",")));
        prop_oneof![object, list]
    })
}

const MEMBERS: &[&str] = &[
    "artifacts",
    "content",
    "contextId",
    "data",
    "file",
    "history",
    "id",
    "kind",
    "message",
    "messageId",
    "metadata",
    "parts",
    "role",
    "status",
    "task",
    "taskId",
    "text",
    "uri",
    "url",
];

/// What a message has that matters.
const MESSAGE: &[&str] = &["content", "kind", "metadata", "parts", "referenceTaskIds", "taskId"];
