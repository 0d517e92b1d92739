//! Pinned tools: whether one is still the one that was reviewed. Lists say so, and calls ask what lists have said.

use std::collections::{BTreeMap, BTreeSet};

use policy_model::json::{self, Edit, Edits, Value, quote};
use policy_model::{Digest, Layers, Pinned, Resource, TenantId, ToolName};
use policy_registry::{ChangeRecord, Registry, Sighting, sha256};
use tokio::time::Instant;

use crate::answer::Answer;
use crate::list;
use crate::message::Message;
use crate::names::Names;
use crate::question::Question;
use crate::refusal::Refusal;
use crate::task_list::OwnTasks;

/// The pinned tools of a tenant at one time.
pub(crate) struct Pins<'w> {
    pub(crate) registry: &'w Registry,
    pub(crate) layers: Layers<'w>,
    /// Whose names the messages use.
    pub(crate) names: Names<'w>,
    pub(crate) tenant: &'w TenantId,
    /// Seconds since 1970.
    pub(crate) now: u64,
    pub(crate) deadline: Instant,
}

impl Pins<'_> {
    /// Whether the tool that a message asks for was last seen as it is pinned, or as the policies have come to pin it since.
    pub(crate) async fn check(&self, message: &Message<'_>) -> Result<(), Refusal> {
        let Some(wanted) = message.wanted() else { return Ok(()) };
        match wanted.resource()? {
            Resource::Tool(tool) if self.layers.pins(&tool) => {
                let record = self.registry.find_change(self.tenant, &tool, self.deadline).await?;
                if self.is_approved(&tool, record.as_ref()) { Ok(()) } else { Err(Refusal::Changed) }
            }
            Resource::Tool(_)
            | Resource::Prompt(_)
            | Resource::Uri(_)
            | Resource::Template(_)
            | Resource::Agent(_)
            | Resource::Model(_) => Ok(()),
        }
    }

    /// Of a caller's tasks those that it could ask for.
    pub(crate) async fn without_changed(&self, mut own: OwnTasks) -> Result<OwnTasks, Refusal> {
        let names: BTreeSet<String> = own.values().map(|task| task.tool.clone()).collect();
        let tools = names.iter().filter_map(|name| ToolName::parse(name).ok());
        let tools: Vec<ToolName<'_>> = tools.filter(|tool| self.layers.pins(tool)).collect();
        let records = self.registry.find_changes(self.tenant, &tools, self.deadline).await?;
        own.retain(|_, task| {
            ToolName::parse(&task.tool).is_ok_and(|tool| self.is_approved(&tool, records.get(&task.tool)))
        });
        Ok(own)
    }

    /// Notes what the gateway's own lists show of pinned tools. A list whose changes cannot be noted is withheld: calls would
    /// go on to tools that nobody has reviewed.
    pub(crate) async fn note(&self, question: &Question<'_>, answer: &Answer<'_>) -> Result<(), Refusal> {
        if !self.layers.has_pins() {
            return Ok(());
        }
        let mut seen = Seen { layers: self.layers, names: self.names, sightings: BTreeMap::new() };
        answer.result().into_iter().for_each(|result| seen.look_at_answer(question, result));
        let sightings = seen.sightings.iter();
        let sightings: Vec<(ToolName<'_>, Sighting)> =
            sightings.filter_map(|(name, sighting)| Some((ToolName::parse(name).ok()?, *sighting))).collect();
        Ok(self.registry.note_sightings(self.tenant, &sightings, self.now, self.deadline).await?)
    }

    fn is_approved(&self, tool: &ToolName<'_>, record: Option<&ChangeRecord>) -> bool {
        let pinned = record.map(|record| self.layers.check_definition(tool, record.definition.as_ref()));
        match pinned {
            None | Some(Pinned::No | Pinned::Met) => true,
            Some(Pinned::Changed) => false,
        }
    }
}

/// Whether a tool's entry in a list, as it came, has a definition that is pinned, and which it has: that of the entry with the
/// tool's full name, however it is written there.
pub(crate) fn check_entry(
    layers: Layers<'_>,
    names: Names<'_>,
    tool: &ToolName<'_>,
    entry: Value<'_>,
) -> (Pinned, Option<Digest>) {
    if !layers.pins(tool) {
        return (Pinned::No, None);
    }
    let definition = definition(names, tool, entry).map(|text| sha256(text.as_bytes()));
    (layers.check_definition(tool, definition.as_ref()), definition)
}

/// The canonical form of an entry with this name; none if that is not clear.
fn definition(names: Names<'_>, tool: &ToolName<'_>, entry: Value<'_>) -> Option<String> {
    match (names.target(), entry.get("name")) {
        (Some(_), Some(name)) if name.is_str(tool.tool()) => {
            let mut edits = Edits::default();
            edits.add(name, Edit::Replace(quote(tool.as_str()).into()));
            json::parse_owned(edits.apply(entry)).ok()?.root().canonical().ok()
        }
        (_, _) => entry.canonical().ok(),
    }
}

/// What lists show of pinned tools; of a tool that is shown twice the change counts.
struct Seen<'p> {
    layers: Layers<'p>,
    names: Names<'p>,
    sightings: BTreeMap<String, Sighting>,
}

impl Seen<'_> {
    /// A list in the result of any other call is that tool's word, and one without its request may be: it must neither block nor
    /// clear another target's tool.
    fn look_at_answer(&mut self, question: &Question<'_>, result: Value<'_>) {
        match question {
            Question::ToolsList => self.look_at_document(result),
            Question::Call { is_search: true, .. } => {
                result.get("structuredContent").into_iter().for_each(|list| self.look_at_document(list));
                for item in result.get("content").into_iter().flat_map(Value::elements) {
                    let text = item.get("text").and_then(Value::as_str).unwrap_or_default();
                    if let Ok(document) = json::parse(text.trim().as_bytes()) {
                        self.look_at_document(document.root());
                    }
                }
            }
            Question::Call { is_search: false, .. }
            | Question::Read { .. }
            | Question::Task { .. }
            | Question::Catalog(_)
            | Question::TasksList(_)
            | Question::Session
            | Question::Unanswered
            | Question::Unknown => {}
        }
    }

    fn look_at_document(&mut self, document: Value<'_>) {
        for entry in list::own_lists(document).flat_map(Value::elements) {
            // All of them: an entry with two names is nobody's definition.
            for name in
                entry.members().filter(|member| member.name.is_str("name")).filter_map(|name| name.value.as_str())
            {
                self.look_at_entry(&name, entry);
            }
        }
    }

    fn look_at_entry(&mut self, name: &str, entry: Value<'_>) {
        let Some(name) = self.names.full(name) else { return };
        let Ok(tool) = ToolName::parse(&name) else { return };
        let sighting = match check_entry(self.layers, self.names, &tool, entry) {
            (Pinned::No, _) => return,
            (Pinned::Met, _) => Sighting::Pinned,
            (Pinned::Changed, definition) => Sighting::Changed(definition),
        };
        let seen = self.sightings.entry(name.into_owned()).or_insert(sighting);
        match *seen {
            Sighting::Pinned => *seen = sighting,
            Sighting::Changed(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use policy_model::Policy;

    use super::*;

    #[test]
    fn what_a_target_lists_is_noted_under_full_names() {
        let entry = r#"{"name":"orders___get","description":"Finds an order"}"#;
        let digest = sha256(json::parse(entry.as_bytes()).unwrap().root().canonical().unwrap().as_bytes());
        let pins = ["orders___get", "orders___put", "crm___get"]
            .map(|tool| format!(r#"{{"tool":"{tool}","sha256":["{digest}"]}}"#));
        let policy = format!(r#"{{"policyId":"p","tenantId":"t","rules":[],"pins":[{}]}}"#, pins.join(","));
        let policy = Policy::parse(policy.as_bytes()).unwrap();
        let own = r#"{"tools":[{"name":"get","description":"Finds an order"},{"name":"put"},{"name":"crm___get"},{"name":"list"}]}"#;
        let full = own.replace("\"name\":\"", "\"name\":\"orders___");
        let mut noted = Vec::new();
        for (names, list) in [(Names::within("orders").unwrap(), own), (Names::GATEWAY, &full)] {
            let mut seen = Seen { layers: Layers::of(&policy), names, sightings: BTreeMap::new() };
            seen.look_at_answer(&Question::ToolsList, json::parse(list.as_bytes()).unwrap().root());
            let sightings = seen.sightings.into_iter().map(|(name, seen)| (name, seen == Sighting::Pinned));
            noted.push(sightings.collect::<Vec<_>>());
        }
        let expected =
            [("orders___get", true), ("orders___put", false)].map(|(name, is_pinned)| (name.to_owned(), is_pinned));
        assert_eq!(noted, [expected.to_vec(), expected.to_vec()]);
    }
}
