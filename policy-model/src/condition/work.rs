//! The most that looking at a condition takes, for whoever does not have what it looks at.

use super::{Condition, Operand, Test};
use crate::selector::{Selector, text_work};

impl Condition {
    /// A bound in values looked at, where arguments, claims and all else have this many bytes; none where it cannot be said, as with
    /// filters and descendants.
    pub(crate) fn work_at_most(&self, [arguments, claims, others]: [u64; 3]) -> Option<u64> {
        let read = [(self.reads.arguments, arguments), (self.reads.claims, claims), (self.reads.facts, others)];
        let bytes =
            read.iter().filter(|(is_read, _)| *is_read).fold(0_u64, |sum, (_, bytes)| sum.saturating_add(*bytes));
        let ways = self.paths().map(|path| path.work_at_most(bytes)).sum::<Option<u64>>()?;
        let spellings = self.paths().map(|path| spelling_at_most(path, bytes)).fold(0_u64, u64::saturating_add);
        let text = bytes / 8;
        // Of a list, or of members of one name, each may be selected.
        let nodes = bytes / 2 + 1;
        let (values, value_text) = match self.test.operand() {
            None => (1, 0),
            Some(Operand::Scalar(scalar)) => (1, text_work(scalar.bytes()) as u64),
            Some(Operand::List(scalars)) => (scalars.len() as u64, 0),
            Some(Operand::Path(_)) => (nodes, text),
        };
        let own = nodes.saturating_mul(1 + value_text).saturating_add(text);
        let more = match &self.test {
            Test::In(_) | Test::NotIn(_) => (nodes + text).saturating_mul(values),
            Test::InCidr(networks) => nodes.saturating_mul(networks.len() as u64),
            Test::Matches(expression) => expression.work(usize::try_from(bytes).ok()?) as u64,
            Test::Contains(_) => text.saturating_mul(4),
            Test::Exists
            | Test::NotExists
            | Test::Equals(_)
            | Test::NotEquals(_)
            | Test::Order(..)
            | Test::StartsWith(_)
            | Test::EndsWith(_)
            | Test::Like(_)
            | Test::Between(_) => 0,
        };
        let parts = [ways, spellings, own, more, value_text];
        Some(parts.into_iter().fold(1, u64::saturating_add))
    }
}

/// What comparing the names of all members with those of a path takes, once for each of its names.
fn spelling_at_most(path: &Selector, bytes: u64) -> u64 {
    let names = path.mentions();
    // A member has five bytes at least.
    let one = |name: &&str| (10 + name.len() as u64).saturating_mul(bytes / 5 + 1).saturating_add(bytes);
    names.iter().map(one).fold(bytes, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::policy::Policy;
    use crate::request::{Arguments, Caller, Request, Resource};
    use crate::selector::Budget;
    use crate::{TenantId, ToolName, UserId, json};

    proptest! {
        #[test]
        fn no_condition_takes_more_than_its_bound(path in path(), test in test(), arguments in arguments(3)) {
            let text = format!(
                r#"{{"policyId":"P","tenantId":"acme","rules":[{{"effect":"ALLOW","resourceType":"TOOL",
                "resources":["agent:tool:*"],"conditions":[{{"path":"{path}",{test}}}]}}]}}"#
            );
            let policy = Policy::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error} {text}"));
            let condition = &policy.rules[0].conditions[0];
            let document = json::parse(arguments.as_bytes()).unwrap();
            let (tenant, user) = (TenantId::parse("acme").unwrap(), UserId::parse("alice").unwrap());
            let caller = Caller {
                tenant: &tenant, user: &user, issuer: "i", agent: None, roles: [&[], &[]], workspaces: &[], scopes: &[], claims: None,
            };
            let thing = Resource::Tool(ToolName::parse("a___get").unwrap());
            let request = Request::new(&caller, thing, Arguments::Known(Some(document.root())), 0);
            let budget = Budget::new(u64::MAX);
            prop_assert!(condition.truths(&request, &budget).is_some());
            let spent = u64::MAX - budget.left();
            let bound = condition.work_at_most([arguments.len() as u64, 2, 8_192]).unwrap();
            prop_assert!(spent <= bound, "{spent} > {bound}: {text} {arguments}");
        }
    }

    fn path() -> impl Strategy<Value = String> {
        let step = prop_oneof![
            Just(".n"),
            Just("[*]"),
            Just("[1]"),
            Just("['a much longer name than the others']"),
            Just(".é")
        ];
        prop::collection::vec(step, 0..4).prop_map(|steps| format!("$.arguments{}", steps.concat()))
    }

    fn test() -> impl Strategy<Value = &'static str> {
        prop_oneof![
            Just(r#""operator":"EXISTS""#),
            Just(r#""operator":"EQUALS","value":"a""#),
            Just(r#""operator":"IN","value":["a","b","c","d","e","f"]"#),
            Just(r#""operator":"CONTAINS","value":1"#),
            Just(r#""operator":"MATCHES","value":"(a|b|ab){1,20}c""#),
            Just(r#""operator":"IN_CIDR","value":["10.0.0.0/8","192.168.0.0/16"]"#),
            Just(r#""operator":"IN","valuePath":"$.arguments.n""#),
            Just(r#""operator":"EQUALS","valuePath":"$.arguments.n[*]""#),
        ]
    }

    /// Documents of a few hundred bytes, with members of one name.
    fn arguments(depth: u32) -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("1".to_owned()),
            Just("\"10.1.2.3\"".to_owned()),
            (1_usize..300).prop_map(|length| format!("\"{}\"", "ab".repeat(length))),
        ];
        let value = leaf.prop_recursive(depth, 64, 8, |inner| {
            let name =
                prop_oneof![Just("n"), Just("N"), Just("é"), Just("x"), Just("a much longer name than the others")];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(|list| format!("[{}]", list.join(","))),
                prop::collection::vec((name, inner), 0..8).prop_map(|members| {
                    let members: Vec<String> =
                        members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                    format!("{{{}}}", members.join(","))
                }),
            ]
        });
        prop::collection::vec(("[nN]", value), 0..4).prop_map(|members| {
            let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            format!("{{{}}}", members.join(","))
        })
    }
}
