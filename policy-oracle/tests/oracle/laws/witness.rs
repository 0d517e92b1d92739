//! A search for arguments with which something is allowed.

use crate::caller::Caller;
use crate::generate::Batch;
use crate::json::Json;
use crate::laws::candidates::candidates;
use crate::naive;
use crate::naive::conditions::{Truth, truth};
use crate::path::{Path, Step};
use crate::policy::{Condition, Effect, Mode, Rule};
use crate::random::Random;
use crate::request::Request;

/// Most partial arguments that are looked at in a round.
const TRIES_MAX: usize = 2_000;

/// The rules that matter to a request but for its arguments.
pub(crate) struct Search<'b> {
    batch: &'b Batch,
    caller: Json,
    request: &'b Request,
    allow: Vec<&'b Rule>,
    deny: Vec<&'b Rule>,
    tries: usize,
}

impl<'b> Search<'b> {
    pub(crate) fn new(batch: &'b Batch, caller: &'b Caller, request: &'b Request) -> Search<'b> {
        let of = |effect: Effect| {
            let rules = batch.layers.rules().filter(|(policy, rule)| {
                rule.effect == effect
                    && policy.mode_of(rule) == Mode::Enforce
                    && naive::concerns(policy, rule, caller, request)
            });
            rules.map(|(_, rule)| rule).collect()
        };
        Search { batch, caller: caller.document(), request, allow: of(Effect::Allow), deny: of(Effect::Deny), tries: 0 }
    }

    /// Arguments that an ALLOW rule allows and no DENY rule denies, if some are found in so many rounds.
    pub(crate) fn witness(mut self, rounds: u64) -> Option<Json> {
        self.allow.clone().into_iter().find_map(|allow| {
            let mut choices = self.choices(allow);
            for round in 0..rounds {
                let random = &mut Random::new(round);
                choices.iter_mut().for_each(|(_, values)| random.shuffle(values));
                self.tries = 0;
                let found = self.extend(allow, &choices, &mut Vec::new());
                // A round that came to its end has seen everything.
                if found.is_some() || self.tries < TRIES_MAX {
                    return found;
                }
            }
            None
        })
    }

    /// What each argument could be that the rules ask for; those of the ALLOW come first.
    fn choices(&self, allow: &Rule) -> Vec<(&'static str, Vec<Option<Json>>)> {
        let rules = [allow].into_iter().chain(self.deny.iter().copied());
        let conditions: Vec<&Condition> = rules.flat_map(|rule| &rule.conditions).collect();
        let mut names: Vec<&'static str> = Vec::new();
        for name in conditions.iter().flat_map(|condition| members(condition)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let document = self.request.document(&self.caller);
        names.into_iter().map(|name| (name, candidates(self.batch, &conditions, &document, name))).collect()
    }

    /// Goes on with each choice for the next member, as long as no rule speaks against what there is.
    fn extend(
        &mut self,
        allow: &Rule,
        choices: &[(&'static str, Vec<Option<Json>>)],
        drawn: &mut Vec<(String, Json)>,
    ) -> Option<Json> {
        if self.tries >= TRIES_MAX {
            return None;
        }
        self.tries += 1;
        let open: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        if !self.can_be_allowed(allow, &open, drawn) {
            return None;
        }
        let Some(((name, values), later)) = choices.split_first() else { return Some(Json::Object(drawn.clone())) };
        for value in values {
            let count = drawn.len();
            drawn.extend(value.clone().map(|value| ((*name).to_owned(), value)));
            let found = self.extend(allow, later, drawn);
            drawn.truncate(count);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Whether what there is fits the ALLOW and no DENY, as far as they ask for none of the open members.
    fn can_be_allowed(&self, allow: &Rule, open: &[&str], drawn: &[(String, Json)]) -> bool {
        let request = Request { arguments: Some(Json::Object(drawn.to_vec())), ..self.request.clone() };
        let document = request.document(&self.caller);
        let is_settled = |condition: &&Condition| members(condition).iter().all(|name| !open.contains(name));
        let is_allowed = allow
            .conditions
            .iter()
            .filter(is_settled)
            .all(|condition| truth(Effect::Allow, condition, &document) == Truth::True);
        let is_denied = self.deny.iter().any(|deny| {
            deny.conditions
                .iter()
                .all(|condition| is_settled(&condition) && truth(Effect::Deny, condition, &document) != Truth::False)
        });
        is_allowed && !is_denied
    }
}

/// The arguments that a condition asks for.
fn members(condition: &Condition) -> Vec<&'static str> {
    condition.paths().filter_map(member).collect()
}

/// The argument that a path begins with.
pub(crate) fn member(path: &Path) -> Option<&'static str> {
    match path.steps.first() {
        Some(Step::Name(name)) if path.root == "arguments" => Some(*name),
        _ => None,
    }
}
