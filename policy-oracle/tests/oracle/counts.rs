//! How often what came out, so that a run that meets nothing is no proof.

use std::collections::HashMap;

use crate::naive::Verdict;
use crate::naive::conditions::Truth;
use crate::outcome::Outcome;
use crate::policy::{Effect, Operator};

/// Numbers of triples.
#[derive(Debug, Default, Clone)]
pub(crate) struct Counts {
    pub(crate) triples: u64,
    allowed: u64,
    denied: u64,
    no_rule: u64,
    /// With a condition that was indeterminate.
    indeterminate: u64,
    /// Where rules in LOG_ONLY would have settled something.
    log_only: u64,
    met: HashMap<(Operator, Effect, Truth), u64>,
}

impl Counts {
    pub(crate) fn add(&mut self, verdict: &Verdict) {
        self.triples += 1;
        match verdict.outcome {
            Outcome::Allowed(_) => self.allowed += 1,
            Outcome::Denied(_) => self.denied += 1,
            Outcome::NoRule => self.no_rule += 1,
        }
        self.indeterminate += u64::from(verdict.met.iter().any(|(_, _, truth)| *truth == Truth::Indeterminate));
        self.log_only += u64::from(verdict.would.is_some());
        for met in &verdict.met {
            *self.met.entry(*met).or_default() += 1;
        }
    }

    pub(crate) fn plus(mut self, other: Counts) -> Counts {
        for (met, count) in other.met {
            *self.met.entry(met).or_default() += count;
        }
        Counts {
            triples: self.triples + other.triples,
            allowed: self.allowed + other.allowed,
            denied: self.denied + other.denied,
            no_rule: self.no_rule + other.no_rule,
            indeterminate: self.indeterminate + other.indeterminate,
            log_only: self.log_only + other.log_only,
            met: self.met,
        }
    }

    /// Each outcome is a tenth at least; each operator was true, false and indeterminate in each effect, if it can be.
    pub(crate) fn check(&self) {
        for part in [self.allowed, self.denied, self.no_rule, self.indeterminate] {
            assert!(part * 10 >= self.triples, "lopsided: {}", self.shown());
        }
        assert!(self.log_only * 20 >= self.triples, "lopsided: {}", self.shown());
        for operator in Operator::ALL {
            for effect in [Effect::Allow, Effect::Deny] {
                for truth in [Truth::True, Truth::False, Truth::Indeterminate] {
                    let count = self.met.get(&(operator, effect, truth)).copied().unwrap_or_default();
                    assert!(count * 10_000 >= self.triples, "{operator} was {truth:?} in {effect} {count} times only");
                }
            }
        }
    }

    /// The numbers, and how often the rarest of what conditions were.
    pub(crate) fn shown(&self) -> String {
        let Counts { triples, allowed, denied, no_rule, indeterminate, log_only, met } = self;
        let rarest = met.iter().min_by_key(|(_, count)| **count);
        format!(
            "{triples} triples: {allowed} allowed, {denied} denied by a rule, {no_rule} without rule; {indeterminate} with a \
             condition that was indeterminate, {log_only} where LOG_ONLY would settle something; rarest of conditions: {rarest:?}"
        )
    }
}
