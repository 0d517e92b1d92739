//! What somebody who asks is answered.

#[path = "asker.rs"]
pub(crate) mod asker;
#[path = "resource.rs"]
pub(crate) mod resource;

use policy_model::{Arguments, Decision, Denial, Layers, Request, Resource, decide, json};

pub(crate) use asker::Asker;
use resource::resource;

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Allowed(String),
    Denied(String, Option<String>),
    NoRule,
    /// What was asked for has no well-formed name.
    NotAName,
}

impl Asker {
    /// The answer to a request for a thing of a kind; without arguments they are unknown, as in discovery.
    pub(crate) fn ask(&self, layers: Layers<'_>, kind: &str, name: &str, arguments: Option<&str>) -> Answer {
        let Some(resource) = resource(kind, name) else { return Answer::NotAName };
        match self.decide(layers, resource, arguments, ()) {
            Decision::Permit(permit) => Answer::Allowed(permit.rule().unwrap().to_string()),
            Decision::Denial(Denial::Rule { rule, reason, .. }) => {
                Answer::Denied(rule.to_string(), reason.map(|text| text.to_string()))
            }
            Decision::Denial(Denial::Killed { rule }) => Answer::Denied(rule.to_string(), None),
            Decision::Denial(Denial::NoRule) => Answer::NoRule,
        }
    }

    pub(crate) fn decide<T>(
        &self,
        layers: Layers<'_>,
        resource: Resource<'_>,
        arguments: Option<&str>,
        subject: T,
    ) -> Decision<T> {
        let arguments = arguments.map(|text| json::parse(text.as_bytes()).unwrap());
        let arguments =
            arguments.as_ref().map_or(Arguments::Unknown, |arguments| Arguments::Known(Some(arguments.root())));
        self.with_caller(|caller, time| decide(layers, &Request::new(caller, resource, arguments, time), subject))
    }
}
