//! `decide` alone, with ever more rules.

use std::error::Error;
use std::hint::black_box;

use policy_model::{Arguments, Caller, Layers, Policy, Request, Resource, TenantId, ToolName, UserId, decide};

use crate::sample::time_of;
use crate::table::Table;

pub(crate) fn measure(table: &mut Table) -> Result<(), Box<dyn Error>> {
    for (shape, asked) in [
        (Shape::Exact, "target-7___tool-7"),
        (Shape::Prefix, "target-7___tool-7-get"),
        (Shape::Inside, "target-7___tool-7-get"),
    ] {
        let mut floor = None;
        for &rules in shape.rule_counts() {
            let policy = Policy::parse(shape.document(rules).as_bytes())?;
            let (tenant, user) = (TenantId::parse("bench")?, UserId::parse("alice")?);
            let caller = Caller {
                tenant: &tenant,
                user: &user,
                issuer: "https://issuer.example",
                agent: None,
                roles: [&[], &[]],
                workspaces: &[],
                scopes: &[],
                claims: None,
            };
            let tool = Resource::Tool(ToolName::parse(asked)?);
            let request = Request::new(&caller, tool, Arguments::Known(None), 0);
            let time = time_of(|| drop(black_box(decide(Layers::of(&policy), black_box(&request), ()))));
            let floor = *floor.get_or_insert(time);
            table.time(&format!("{}, {rules} rules", shape.name()), time, floor);
        }
    }
    Ok(())
}

/// How the rules name their tools.
#[derive(Clone, Copy)]
enum Shape {
    Exact,
    Prefix,
    Inside,
}

impl Shape {
    fn name(self) -> &'static str {
        match self {
            Shape::Exact => "exact names",
            Shape::Prefix => "a wildcard at the end",
            Shape::Inside => "a wildcard inside",
        }
    }

    /// A policy has at most 256 patterns with a wildcard inside for each effect.
    fn rule_counts(self) -> &'static [usize] {
        match self {
            Shape::Exact | Shape::Prefix => &[10, 100, 1_000, 10_000],
            Shape::Inside => &[10, 100, 500],
        }
    }

    fn document(self, rules: usize) -> String {
        let rule = |number: usize| {
            let pattern = match self {
                Shape::Exact => format!("target-{number}___tool-{number}"),
                Shape::Prefix => format!("target-{number}___tool-{number}-*"),
                Shape::Inside => format!("target-{number}___tool-*-get"),
            };
            let effect = if number.is_multiple_of(2) { "DENY" } else { "ALLOW" };
            format!("{{\"effect\":\"{effect}\",\"resourceType\":\"TOOL\",\"resources\":[\"agent:tool:{pattern}\"]}}")
        };
        let rules: Vec<String> = (0..rules).map(rule).collect();
        format!("{{\"policyId\":\"P\",\"tenantId\":\"bench\",\"rules\":[{}]}}", rules.join(","))
    }
}
