//! The policy language, translated to Cedar: each rule is one Cedar policy, and Cedar's authorizer combines them.
//!
//! Cedar forbids and permits as we do, but skips a policy that fails to evaluate, has no quantifiers, no numbers beyond 64
//! bits and no regular expressions. So the context carries each selected value as a record of its kind and content, numbers by
//! their rank among all numbers of the case, and the guards ask for kinds before contents: no policy ever fails. Computed
//! outside of Cedar are only: what a path selects, whether a text is an address or a time, `MATCHES`, and the text operators
//! with `valuePath` (the right side of Cedar's `like` is a constant).

mod compare;
mod conditions;
mod context;
mod locations;
mod nodes;
mod numbered;
mod ranks;
mod rules;
mod source;
mod spellings;
mod texts;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use cedar_policy::{Authorizer, Entities, EntityId, EntityTypeName, EntityUid, Policy, PolicyId, PolicySet};

use crate::caller::Caller;
use crate::cedar::context::Encoder;
use crate::cedar::numbered::Numbered;
use crate::cedar::ranks::Ranks;
use crate::cedar::rules::rule_source;
use crate::json::Json;
use crate::outcome::{Outcome, Would};
use crate::policy::{Effect, Kind, Layers, Mode};
use crate::request::Request;

/// The rules of a few layers as two sets of Cedar policies, and what their context needs.
pub(crate) struct Cedar<'l> {
    authorizer: Authorizer,
    enforced: PolicySet,
    log_only: PolicySet,
    names: BTreeMap<PolicyId, (Effect, bool, String)>,
    encoder: Encoder<'l>,
}

/// A caller as an entity.
pub(crate) struct Principal {
    user: EntityUid,
    entities: Entities,
}

impl<'l> Cedar<'l> {
    /// Translates the rules; the requests say which numbers there are.
    pub(crate) fn new<'c>(layers: &'l Layers, cases: impl Iterator<Item = (&'c Caller, &'c Request)>) -> Cedar<'l> {
        let ranks = Ranks::of(layers, cases);
        let numbered = Numbered::new(layers);
        let (mut enforced, mut log_only) = (PolicySet::new(), PolicySet::new());
        let mut names = BTreeMap::new();
        for (nth, (policy, rule)) in layers.rules().enumerate() {
            let id = PolicyId::new(format!("rule{nth}"));
            let source = rule_source(policy, rule, &numbered, &ranks);
            let translated =
                Policy::parse(Some(id.clone()), &source).unwrap_or_else(|error| panic!("{error:?} in {source}"));
            let set = match policy.mode_of(rule) {
                Mode::Enforce => &mut enforced,
                Mode::LogOnly => &mut log_only,
            };
            set.add(translated).unwrap();
            names.insert(id, (rule.effect, std::ptr::eq(policy, &layers.policy), rule.name()));
        }
        let encoder = Encoder::new(numbered, ranks);
        Cedar { authorizer: Authorizer::new(), enforced, log_only, names, encoder }
    }

    pub(crate) fn principal(&self, caller: &Caller) -> Principal {
        let user = uid("User", &caller.user);
        Principal { entities: self.encoder.entities(&user, caller), user }
    }

    /// What Cedar answers for all rules, and what for those in LOG_ONLY.
    pub(crate) fn decide(&self, principal: &Principal, request: &Request, document: &Json) -> (Outcome, Would) {
        let Principal { user, entities } = principal;
        let context = self.encoder.context(request, document);
        let resource = uid(resource_type(request.kind), &request.name);
        let asked = cedar_policy::Request::new(user.clone(), uid("Action", "use"), resource, context, None).unwrap();
        let outcome = match self.ask(&self.enforced, &asked, entities) {
            Some((Effect::Allow, rule)) => Outcome::Allowed(rule),
            Some((Effect::Deny, rule)) => Outcome::Denied(rule),
            None => Outcome::NoRule,
        };
        (outcome, self.ask(&self.log_only, &asked, entities))
    }

    /// Cedar's decision, with the first among the rules that it gives as reasons.
    fn ask(&self, set: &PolicySet, asked: &cedar_policy::Request, entities: &Entities) -> Would {
        if set.is_empty() {
            return None;
        }
        let response = self.authorizer.is_authorized(asked, set, entities);
        let errors: Vec<String> = response.diagnostics().errors().map(ToString::to_string).collect();
        assert!(errors.is_empty(), "{errors:?} in {set}");
        let effect = match response.decision() {
            cedar_policy::Decision::Allow => Effect::Allow,
            cedar_policy::Decision::Deny => Effect::Deny,
        };
        let (its_effect, _, rule) = response.diagnostics().reason().map(|id| &self.names[id]).min()?;
        assert_eq!(*its_effect, effect);
        Some((effect, rule.clone()))
    }
}

fn resource_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Tool => "Tool",
        Kind::Prompt => "Prompt",
        Kind::Resource => "Uri",
        Kind::Agent => "Agent",
        Kind::Model => "Model",
    }
}

thread_local! {
    static TYPE_NAMES: RefCell<HashMap<&'static str, EntityTypeName>> = RefCell::new(HashMap::new());
}

fn uid(type_name: &'static str, id: &str) -> EntityUid {
    let type_name = TYPE_NAMES
        .with_borrow_mut(|names| names.entry(type_name).or_insert_with(|| type_name.parse().unwrap()).clone());
    EntityUid::from_type_name_and_id(type_name, EntityId::new(id))
}
