//! Whether a condition holds, seen from outside: an ALLOW needs that it does, a DENY that it does or has no answer.

#[path = "asking.rs"]
pub(crate) mod asking;

use asking::{Answer, Asker};
use policy_model::{Layers, Policy};
use serde_json::Value;

/// What a condition can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    True,
    False,
    Indeterminate,
}

/// Whether a condition holds for these arguments.
pub(crate) fn truth_of(condition: &str, arguments: &str) -> Truth {
    truth_for(&Asker::new(&Value::Null), condition, arguments)
}

/// The same for somebody else than alice.
pub(crate) fn truth_for(asker: &Asker, condition: &str, arguments: &str) -> Truth {
    let (allow, deny) = (holds(asker, "ALLOW", condition, arguments), holds(asker, "DENY", condition, arguments));
    match (allow, deny) {
        (true, true) => Truth::True,
        (false, false) => Truth::False,
        (false, true) => Truth::Indeterminate,
        (true, false) => panic!("{condition} allows and does not deny {arguments}"),
    }
}

/// Whether a rule with this condition applies.
pub(crate) fn holds(asker: &Asker, effect: &str, condition: &str, arguments: &str) -> bool {
    let resource = r#""resourceType":"TOOL","resources":["agent:tool:t"]"#;
    let rule = format!(r#"{{"effect":"{effect}",{resource},"conditions":[{condition}]}}"#);
    let all = format!(r#"{{"effect":"ALLOW",{resource}}}"#);
    let rules = if effect == "DENY" { format!("{rule},{all}") } else { rule };
    let document = format!(r#"{{"policyId":"p","tenantId":"acme","rules":[{rules}]}}"#);
    let policy = Policy::parse(document.as_bytes()).unwrap_or_else(|error| panic!("{error} in {document}"));
    match asker.ask(Layers::of(&policy), "tool", "t", Some(arguments)) {
        Answer::Allowed(_) => effect == "ALLOW",
        Answer::Denied(..) => true,
        Answer::NoRule => false,
        Answer::NotAName => panic!("t is a name"),
    }
}
