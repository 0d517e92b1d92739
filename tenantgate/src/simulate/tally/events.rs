//! Recorded events, counted.

use policy_model::{Effect, RuleId};

use super::{Change, Key, Tally, Way, allowed, denied};
use crate::simulate::line::Named;

/// Who asked for what.
pub(in crate::simulate) struct Asking {
    pub(in crate::simulate) tenant: String,
    pub(in crate::simulate) subject: String,
    pub(in crate::simulate) named: Named,
}

impl Tally {
    /// Counts a recorded event; whether its time was given.
    pub(in crate::simulate) fn add_event(&mut self, is_timed: bool) {
        self.lines += 1;
        self.events += 1;
        self.is_timed = is_timed;
    }

    /// Counts an event that was decided both ways.
    pub(in crate::simulate) fn settle_event(
        &mut self,
        asking: Asking,
        before: Effect,
        now: Effect,
        rule: Option<RuleId>,
    ) {
        self.decided += 1;
        let (way, now) = match (before, now) {
            (Effect::Deny, Effect::Allow) => (Way::Gains, allowed(rule)),
            (Effect::Allow, Effect::Deny) => (Way::Loses, denied(rule)),
            (Effect::Allow, Effect::Allow) | (Effect::Deny, Effect::Deny) => return,
        };
        self.change(asking.key(way), Change { calls: 1, decision: None, now });
    }

    /// Counts an event of which nothing can be told: it may be either way.
    pub(in crate::simulate) fn untell_event(&mut self, asking: Asking, why: &str) {
        let change = || Change { calls: 1, decision: None, now: why.to_owned() };
        self.change(asking.key(Way::MayLose), change());
        self.untell(false, asking.key(Way::MayGain), change(), &[why.to_owned()]);
    }
}

impl Asking {
    fn key(&self, way: Way) -> Key {
        Key { tenant: self.tenant.clone(), way, named: self.named.clone(), subject: self.subject.clone() }
    }
}
