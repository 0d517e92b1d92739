//! What a recorded event asked, of a registry: its roles and memberships stand for those of then.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use interceptors::event::{Family, family};
use interceptors::recorded_event::{NoCall, RecordedCall, RecordedEvents};
use interceptors::settings::Settings;
use policy_model::{Layers, Resource};
use policy_registry::{AwsEnvironment, Registry};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::line::Named;
use super::policies::{self, Document, Policies};
use super::tally::{Asking, Tally};
use crate::excerpt::visible;
use crate::explain;
use crate::failure::Failure;
use crate::placeholder;
use crate::registry_access::{RegistryAccess, RegistryArguments};
use crate::registry_host::{DEFAULT_TABLE, RegistryHost};
use crate::settings::DEVELOPMENT;

/// How recorded events are decided again.
#[derive(Debug, Args)]
pub(super) struct EventArguments {
    /// Of events: the policies that were in force, each of another tenant or for all [default: the registry's]
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = "Recorded events")]
    pub(super) old: Vec<String>,
    /// Of events: the interceptors' settings, for the issuers and the names of claims [default: those of `tenantgate invoke`]
    #[arg(long, value_name = "FILE", help_heading = "Recorded events")]
    settings: Option<String>,
    /// Of events: when they are decided [default: when each token was issued, its claim iat]
    #[arg(long, value_name = "RFC3339", value_parser = explain::parse_time, help_heading = "Recorded events")]
    time: Option<i64>,
    /// A registry's folder, as `registry load` takes it
    #[arg(long = "registry", value_name = "DIR", conflicts_with_all = ["file", "endpoint_url"], help_heading = "Registry")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    registry: RegistryArguments,
}

/// Reads events by an operator's settings.
pub(super) struct Events<'d> {
    reader: RecordedEvents,
    old: Policies<'d>,
    time: Option<i64>,
    place: String,
    // These live as long as they are asked.
    _host: Option<RegistryHost>,
    _access: Option<RegistryAccess>,
}

impl EventArguments {
    /// The policies that were in force, where the registry's are not to count.
    pub(super) fn old(&self) -> Result<Vec<Document>, Failure> {
        self.old.iter().map(|file| policies::document(file)).collect()
    }

    /// Whether a registry is named, if only by the settings.
    pub(super) fn names_registry(&self) -> bool {
        self.settings.is_some() || self.folder.is_some() || self.registry.is_named()
    }

    /// Reaches the registry.
    pub(super) async fn open<'d>(&self, old: &'d [Document]) -> Result<Events<'d>, Failure> {
        let mut document = self.document()?;
        let (client, table, place, host, access) = match &self.folder {
            Some(folder) => {
                if !folder.is_dir() {
                    return Err(Failure::input(format!("{} is no folder", visible(&folder.display().to_string()))));
                }
                let host = RegistryHost::start(None, DEFAULT_TABLE).await?;
                host.fill(Some(folder)).await?;
                (host.client(), DEFAULT_TABLE.to_owned(), folder.display().to_string(), Some(host), None)
            }
            None => {
                let own = |name| document.get("registry")?.get(name)?.as_str().filter(|text| !text.is_empty());
                let registry = self.registry.or_of_settings(own("table").unwrap_or(DEFAULT_TABLE), own("endpointUrl"));
                let access = registry.open().await?;
                (access.client.clone(), access.table.clone(), access.place.clone(), None, Some(access))
            }
        };
        let settings = self.settings(&mut document, &table)?;
        let registry = Registry::with_client(settings.registry.clone(), client);
        Ok(Events {
            reader: RecordedEvents::new(settings, registry),
            old: Policies::new(old)?,
            time: self.time,
            place,
            _host: host,
            _access: access,
        })
    }

    /// The settings, with nothing in the place of what only a run knows.
    fn document(&self) -> Result<Value, Failure> {
        let text = match &self.settings {
            Some(file) => std::fs::read_to_string(file).map_err(|error| self.wrong(&error.to_string()))?,
            None => DEVELOPMENT.to_owned(),
        };
        let stand_in = |name: &str| Ok(Some(if name.starts_with("jwks.") { "{}".to_owned() } else { String::new() }));
        let text = placeholder::expand_text(&text, stand_in).map_err(|error| self.wrong(&error))?;
        serde_json::from_str(&text).map_err(|error| self.wrong(&error.to_string()))
    }

    /// The settings with this table, and with keys that nobody asks for.
    fn settings(&self, document: &mut Value, table: &str) -> Result<Settings, Failure> {
        if let Some(registry) = document.get_mut("registry").and_then(Value::as_object_mut) {
            registry.remove("endpointUrl");
            registry.insert("table".to_owned(), json!(table));
            registry.insert("cacheTtlMs".to_owned(), json!(CACHE_MS));
            registry.insert("timeoutMs".to_owned(), json!(TIME_SECONDS * 1_000));
        }
        let issuers = document.get_mut("issuers").and_then(Value::as_array_mut);
        for keys in issuers.into_iter().flatten().filter_map(|issuer| issuer.get_mut("keys")) {
            *keys = json!({ "url": "https://keys.example/" });
        }
        Settings::parse_for_identity(&document.to_string(), AwsEnvironment::default())
            .map_err(|error| self.wrong(&error.to_string()))
    }

    fn wrong(&self, why: &str) -> Failure {
        let name = self.settings.as_deref().unwrap_or("for development");
        Failure::input(format!("the settings {} cannot be used: {why}", visible(name)))
    }
}

impl Events<'_> {
    /// Decides an event under the policies in force and under the new ones; a text that is none is counted as such.
    pub(super) async fn add(&self, text: &str, tally: &mut Tally, policies: &Policies<'_>) -> Result<(), Failure> {
        let deadline = Instant::now() + Duration::from_secs(TIME_SECONDS);
        let added = self.reader.read(text.as_bytes(), self.time, deadline, |call| self.decide(call, tally, policies));
        let why = match added.await {
            Ok(()) => return Ok(()),
            Err(NoCall::NoEvent) => {
                tally.skip();
                return Ok(());
            }
            Err(NoCall::Unavailable(cause)) => {
                return Err(Failure::run(format!("{} does not answer: {cause}", self.place)));
            }
            Err(NoCall::Http) => "events of the http family, which are not read".to_owned(),
            Err(NoCall::Answer) => "answers: their requests count".to_owned(),
            Err(NoCall::Nothing) => "sessions, lists and tasks: nothing was called".to_owned(),
            Err(NoCall::Refused(code)) => format!("calls refused before or beside the policies: {code}"),
        };
        tally.add_event(self.time.is_some());
        tally.leave_out(why);
        Ok(())
    }

    fn decide(&self, call: &RecordedCall<'_>, tally: &mut Tally, policies: &Policies<'_>) {
        tally.add_event(self.time.is_some());
        if policies.sides(call.tenant()).is_none() {
            return tally.leave_out("calls of other tenants".to_owned());
        }
        let old = self.old.over(call.tenant(), Layers { kills: None, ..call.in_force });
        let new = policies.over(call.tenant(), old);
        let asking = Asking {
            tenant: call.tenant().as_str().to_owned(),
            subject: call.subject.clone(),
            named: call.resource().map_or(Named::Nothing, |resource| named(&resource)),
        };
        if call.time.is_none() {
            return tally.untell_event(asking, "when its token was issued is not known: name --time");
        }
        let (before, now) = (call.decide(old), call.decide(new));
        tally.settle_event(asking, before.effect, now.effect, now.rule);
    }
}

/// Whether a text is a recorded event, of either family.
pub(super) fn is_event(text: &str) -> bool {
    policy_model::json::parse(text.as_bytes()).is_ok_and(|document| match family(document.root()) {
        Family::Mcp | Family::Http => true,
        Family::Unclear => false,
    })
}

/// Addresses of resources can be secrets: they have the hash of the audit lines.
fn named(resource: &Resource<'_>) -> Named {
    match resource {
        Resource::Tool(name) => Named::Tool(name.as_str().to_owned()),
        Resource::Prompt(name) => Named::Prompt(name.as_str().to_owned()),
        Resource::Model(name) => Named::Model(name.as_str().to_owned()),
        Resource::Agent(name) => Named::Agent(name.as_str().to_owned()),
        Resource::Uri(uri) => Named::Resource(interceptors::audit::resource_hash(uri.as_str())),
        Resource::Template(template) => Named::Resource(interceptors::audit::resource_hash(template.as_str())),
    }
}

/// How long the registry may take for one event.
const TIME_SECONDS: u64 = 30;

const CACHE_MS: u64 = 300_000;
