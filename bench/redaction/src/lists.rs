//! A list of a thousand tools.

use std::error::Error;
use std::hint::black_box;
use std::io::Write;

use interceptors::list;
use interceptors::settings::InvisibleCharacters;
use interceptors::view::View;
use policy_model::json::{self, Edits};
use policy_model::{Caller, Layers, Policy, TenantId, UserId};

use crate::sample::times_of;
use crate::{through_a_tree, title, write};

pub(crate) fn measure(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let text = tools();
    let policy = Policy::parse(POLICY.as_bytes())?;
    let (tenant, user) = (TenantId::parse("bench")?, UserId::parse("alice")?);
    let caller = || Caller {
        tenant: &tenant,
        user: &user,
        issuer: "https://issuer.example",
        agent: None,
        roles: [&[], &[]],
        workspaces: &[],
        scopes: &[],
        claims: None,
    };
    let filter = || {
        let document = json::parse(text.as_bytes()).ok()?;
        let view = View::new(Layers::of(&policy), None, caller(), 0, InvisibleCharacters::Strip);
        let mut edits = Edits::default();
        list::filter_document(&view, document.root(), &mut edits);
        Some(edits.apply(document.root()))
    };
    let kept = filter().ok_or("the list is no JSON")?.matches("inputSchema").count();
    title(out, &format!("A list of 1000 tools, {} bytes, {kept} of them kept", text.len()), "of parse and serialize")?;
    write(
        out,
        times_of(vec![
            ("serde_json: parse and serialize".to_owned(), Box::new(|| drop(black_box(through_a_tree(&text))))),
            ("tenantgate: parse and filter".to_owned(), Box::new(|| drop(black_box(filter())))),
        ]),
    )
}

fn tools() -> String {
    let tool = |number: usize| {
        let parameter = |name: &str| {
            format!(
                "\"{name}\":{{\"type\":\"string\",\"description\":\"The {name} of what is asked for, as the system that keeps it \
                 writes it; leave it out for all of them\",\"maxLength\":64}}"
            )
        };
        let parameters: Vec<String> = ["account", "region", "period", "filter"].map(parameter).to_vec();
        format!(
            "{{\"name\":\"target-{}___tool-{number}\",\"title\":\"Tool {number}\",\"description\":\"Finds the entries of one \
             account and says for each of them when it was made, by whom and why. Use it before anything is changed.\",\
             \"inputSchema\":{{\"type\":\"object\",\"properties\":{{{}}},\"required\":[\"account\"]}}}}",
            number % 10,
            parameters.join(",")
        )
    };
    let tools: Vec<String> = (0..1_000).map(tool).collect();
    format!("{{\"tools\":[{}],\"nextCursor\":\"c\"}}", tools.join(","))
}

const POLICY: &str = r#"{"policyId":"P","tenantId":"bench","rules":[
    {"effect":"ALLOW","resourceType":"TOOL","resources":["agent:tool:target-1___*","agent:tool:target-3___*","agent:tool:target-7___*"]},
    {"effect":"DENY","resourceType":"TOOL","resources":["agent:tool:target-3___tool-1*"]}]}"#;
