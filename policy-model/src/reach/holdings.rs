//! All things that a member may do, as the rules name them.

use super::needs::{Asked, Excluded, Way, needs};
use super::{Candidate, Member};
use crate::comparison::{Side, Version, WrittenRule, meet, whole};
use crate::decision::Effect;
use crate::explanation::Whose;
use crate::pattern::ResourceType;
use crate::request::{AgentName, ModelName, Resource};
use crate::tool_name::ToolName;
use crate::uri::ResourceUri;

/// What one ALLOW rule lets a member do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding<'p> {
    /// The rule and what it still needs.
    pub way: Way<'p>,
    /// The kind of what it names.
    pub kind: ResourceType,
    /// What it names, as written.
    pub resources: Vec<String>,
    /// The DENY rules that can apply to the member and may name some of that, with what they name.
    pub cuts: Vec<(Way<'p>, Vec<String>)>,
}

/// What a member may do at a time, in seconds since 1970, by each ALLOW rule in force that can apply; and the rules that cannot.
///
/// Names are patterns here: conditions on `$.tool` are needs. Which DENY rules meet a pattern is told too often rather than too seldom.
pub fn holdings<'p>(side: Side<'p>, member: &Member<'_>, time: i64) -> (Vec<Holding<'p>>, Vec<Excluded<'p>>) {
    let needs_agent = side.layers().requires_actor() && !member.is_machine;
    let mut excluded = Vec::new();
    let mut ways = |layer: Whose, version: &'p Version<'p>, effect: Effect| {
        let mut found: Vec<(Way<'p>, &'p WrittenRule)> = Vec::new();
        for (number, rule, written) in version.rules(effect) {
            let Some(kind) = written.resources.first().map(crate::pattern::Pattern::kind) else { continue };
            let Some(resource) = any_of(kind) else { continue };
            let asked = Asked { resource: &resource, is_name_known: false, time };
            let candidate = Candidate { layer, policy: version.policy().id(), number: number as usize, rule };
            match needs(&asked, &candidate, member, needs_agent) {
                Ok(way) => found.push((way, written)),
                Err(own) => excluded.push(own),
            }
        }
        found
    };
    let baseline = side.baseline.map(|version| (version, ways(Whose::Baseline, version, Effect::Deny)));
    let own = (side.policy, ways(Whose::Tenant, side.policy, Effect::Deny));
    let allows = ways(Whose::Tenant, side.policy, Effect::Allow);
    let denies: Vec<_> = baseline.into_iter().chain([own]).collect();
    let mut all = Vec::new();
    for (way, written) in allows {
        let Some(kind) = written.resources.first().map(crate::pattern::Pattern::kind) else { continue };
        let mut cuts = Vec::new();
        for (version, ways) in &denies {
            let meeting = ways.iter().filter(|(_, deny)| meets(side.policy, written, version, deny));
            cuts.extend(meeting.map(|(way, deny)| (way.clone(), words(deny))));
        }
        all.push(Holding { way, kind, resources: words(written), cuts });
    }
    (all, excluded)
}

fn words(rule: &WrittenRule) -> Vec<String> {
    rule.resources.iter().map(ToString::to_string).collect()
}

/// Whether some name may be of both: where there are too many ways to meet, they do.
fn meets(allowing: &Version<'_>, allow: &WrittenRule, denying: &Version<'_>, deny: &WrittenRule) -> bool {
    allow.resources.iter().any(|left| {
        let lefts = whole(left, allowing.reach(Effect::Allow));
        let alike = deny.resources.iter().filter(|right| right.kind() == left.kind());
        alike
            .flat_map(|right| whole(right, denying.reach(Effect::Deny)))
            .any(|right| lefts.iter().any(|left| meet(left, &right).is_none_or(|both| !both.is_empty())))
    })
}

/// Something of a kind.
fn any_of(kind: ResourceType) -> Option<Resource<'static>> {
    match kind {
        ResourceType::Tool => ToolName::parse(ANY).ok().map(Resource::Tool),
        ResourceType::Prompt => ToolName::parse(ANY).ok().map(Resource::Prompt),
        ResourceType::Resource => ResourceUri::parse("urn:any").ok().map(Resource::Uri),
        ResourceType::Agent => AgentName::parse(ANY).map(Resource::Agent),
        ResourceType::Model => ModelName::parse(ANY).map(Resource::Model),
    }
}

const ANY: &str = "any";
