//! Names of tools, prompts, agents and models, from a few characters, so that patterns and names meet often.

use crate::generate::uris::URIS;
use crate::policy::Kind;
use crate::random::Random;

/// Agents and their skills.
const AGENTS: &[&str] = &[
    "billing-eu",
    "billing-us",
    "Billing-eu",
    "billing",
    "shipping_1",
    "b",
    "billing/refund",
    "billing-eu/refund",
    "billing-eu/b",
    "b/billing",
    "b/b",
];

/// Models, some with a prefix or two.
const MODELS: &[&str] = &[
    "a.claude-h-4-5",
    "a.claude-h-4-5-v1:0",
    "a.claude",
    "m.nova:0",
    "x/y@1:0",
    "A.claude",
    "x/a.claude",
    "x/a.claude-h-4-5",
    "a.claude/m.nova:0",
    "x/y/a.claude",
    "x/y/a.claude-h-4-5",
    "y/x/a.claude",
    "x/x/y@1:0",
    "y/x/y/A.claude",
];

const SEARCH_TOOL: &str = "x_amz_bedrock_agentcore_search";

/// A few names of a kind, on these targets.
pub(crate) fn draw_names(random: &mut Random, kind: Kind, targets: &[String]) -> Vec<String> {
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    match kind {
        Kind::Tool | Kind::Prompt => draw_tools(random, kind, targets),
        Kind::Resource => owned(random.some_of(URIS, 5)),
        Kind::Agent => owned(random.some_of(AGENTS, 5)),
        Kind::Model => owned(random.some_of(MODELS, 5)),
    }
}

fn draw_tools(random: &mut Random, kind: Kind, targets: &[String]) -> Vec<String> {
    let tools: Vec<String> = (0..3).map(|_| draw_tool(random)).collect();
    let mut names = vec![tools[0].clone()];
    for tool in &tools {
        names.push(format!("{}___{tool}", random.one_of(targets)));
    }
    names.push(format!("{}___{}", targets[1], tools[0]));
    if random.chance(30) {
        names.push(format!("{}___{}___{}", targets[0], targets[1], tools[0]));
    }
    if kind == Kind::Tool && random.chance(30) {
        names.push(SEARCH_TOOL.to_owned());
        names.push(format!("{}___{SEARCH_TOOL}", targets[0]));
    }
    names
}

/// The name of a tool on its target; no underscore stands at its start or beside another.
fn draw_tool(random: &mut Random) -> String {
    let word = draw_word(random, &["a", "b", "a", ".", "_", "-", "B"]);
    if word.starts_with('_') || word.contains("__") { format!("a{}", word.replace('_', "")) } else { word }
}

/// One to four pieces.
pub(crate) fn draw_word(random: &mut Random, pieces: &[&str]) -> String {
    let count = 1 + random.below(4);
    (0..count).map(|_| random.one_of(pieces)).collect()
}
