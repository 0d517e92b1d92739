//! Who would gain and who would lose, counted in bounded memory.

mod events;

use std::collections::BTreeMap;

use policy_model::recorded::{Answer, Asked, Facts, Thing, decide};
use policy_model::{RuleId, TenantId};

use super::line::{AuditLine, Kind, Named};
use super::policies::Policies;
pub(super) use events::Asking;

/// What came of all lines.
#[derive(Default)]
pub(super) struct Tally {
    lines: u64,
    audit_lines: u64,
    events: u64,
    /// Whether somebody said when events are decided.
    is_timed: bool,
    too_long: u64,
    decided: u64,
    untold: u64,
    /// Of these, lines of which nothing can be read.
    unreadable: u64,
    /// Lines that stand for others, too.
    sampled: u64,
    counts: Counts,
    pub(super) changes: BTreeMap<Key, Change>,
    /// Changes beyond [`CHANGES_MAX`].
    pub(super) more_changes: u64,
    /// What is in the way, and of how many calls that were denied and that were allowed.
    pub(super) gaps: BTreeMap<String, [u64; 2]>,
    /// What was not to be decided again, and how often.
    pub(super) left_out: BTreeMap<String, u64>,
}

/// Calls by what becomes of them.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Counts {
    pub(super) gained: u64,
    pub(super) lost: u64,
    pub(super) may_gain: u64,
    pub(super) may_lose: u64,
}

/// Who asked for what, and which way it changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) tenant: String,
    pub(super) way: Way,
    pub(super) named: Named,
    /// The hash of the audit lines.
    pub(super) subject: String,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    Gains,
    Loses,
    MayGain,
    MayLose,
}

/// How often, and one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) calls: u64,
    /// The id of the latest decision; a recorded event has none.
    pub(super) decision: Option<String>,
    /// By what it is settled now, or why that is not known.
    pub(super) now: String,
}

impl Tally {
    /// Counts a line that is no audit line.
    pub(super) fn skip(&mut self) {
        self.lines += 1;
    }

    /// Counts a line that is too long to be read: its call may be either way.
    pub(super) fn skip_long(&mut self) {
        self.too_long += 1;
        self.untell_line();
    }

    /// Counts a line that cannot be read: its call may be either way.
    pub(super) fn untell_line(&mut self) {
        self.lines += 1;
        self.untell_unreadable();
    }

    fn untell_unreadable(&mut self) {
        self.untold += 1;
        self.unreadable += 1;
        self.counts.may_gain += 1;
        self.counts.may_lose += 1;
        self.leave_out("audit lines that cannot be read".to_owned());
    }

    /// Decides what a line is of, again.
    pub(super) fn add(&mut self, line: &AuditLine<'_>, policies: &Policies<'_>) {
        self.lines += 1;
        self.audit_lines += 1;
        if line.has_strange_tenant() {
            return self.untell_unreadable();
        }
        let concerned = line.tenant().and_then(|tenant| Some((policies.sides(&tenant)?, tenant)));
        let kind = line.kind();
        let Some((sides, tenant)) = concerned else {
            let why = if line.tenant().is_some() { "calls of other tenants" } else { "calls of no tenant" };
            return self.leave_out(why.to_owned());
        };
        let facts = match kind {
            Kind::Answer => return self.leave_out("answers: their requests count".to_owned()),
            Kind::Session => return self.leave_out("sessions and lists: nothing was called".to_owned()),
            Kind::Refused => {
                return self.leave_out(format!("calls refused before or beside the policies: {}", code(&line.reason)));
            }
            Kind::WithoutFacts => {
                let why = if line.has_open_arguments() {
                    "tasks and completions: with which arguments is not recorded"
                } else {
                    "the line has no facts: an older version wrote it, or the settings say so"
                };
                let change = Change { calls: 1, decision: decision(line), now: why.to_owned() };
                return self.untell(line.is_allowed(), self.key(&tenant, line), change, &[why.to_owned()]);
            }
            Kind::Decided(facts) => facts,
        };
        self.sampled += u64::from(line.sample_rate.is_some());
        let named = line.named();
        let thing = match (&named, named.resource()) {
            (_, Some(resource)) => Thing::Known(resource),
            (Named::Resource(_), None) => Thing::SomeUri,
            (_, None) => {
                let why = "the line does not say what was asked for".to_owned();
                let change = Change { calls: 1, decision: decision(line), now: why.clone() };
                return self.untell(facts.was_allowed(), self.key(&tenant, line), change, &[why]);
            }
        };
        let asked = Asked { thing, tenant: &tenant, is_rewritten: line.rewritten, is_machine: line.machine };
        let answer = decide(sides, &asked, &facts);
        self.settle(line, &tenant, &facts, answer, policies);
    }

    fn settle(
        &mut self,
        line: &AuditLine<'_>,
        tenant: &TenantId,
        facts: &Facts,
        answer: Answer,
        policies: &Policies<'_>,
    ) {
        let was_allowed = facts.was_allowed();
        let (way, now) = match (was_allowed, answer) {
            (_, Answer::Unknown(gaps)) => {
                let words: Vec<String> = gaps.iter().map(|gap| policies.words(tenant, gap)).collect();
                let change = Change { calls: 1, decision: decision(line), now: words.join("; ") };
                return self.untell(was_allowed, self.key(tenant, line), change, &words);
            }
            (false, Answer::Allowed(rule)) => (Some(Way::Gains), allowed(rule)),
            (true, Answer::Denied(rule)) => (Some(Way::Loses), denied(rule)),
            (true, Answer::Allowed(_)) | (false, Answer::Denied(_)) => (None, String::new()),
        };
        self.decided += 1;
        if let Some(way) = way {
            let key = Key { way, ..self.key(tenant, line) };
            self.change(key, Change { calls: 1, decision: decision(line), now });
        }
    }

    fn key(&self, tenant: &TenantId, line: &AuditLine<'_>) -> Key {
        let subject = line.subject.as_deref().unwrap_or("nobody").to_owned();
        Key { tenant: tenant.as_str().to_owned(), way: Way::MayGain, named: line.named(), subject }
    }

    fn untell(&mut self, was_allowed: bool, key: Key, change: Change, gaps: &[String]) {
        self.untold += 1;
        for gap in gaps {
            if self.gaps.len() < GAPS_MAX || self.gaps.contains_key(gap) {
                let [denied, allowed] = self.gaps.entry(gap.clone()).or_default();
                *(if was_allowed { allowed } else { denied }) += 1;
            }
        }
        let way = if was_allowed { Way::MayLose } else { Way::MayGain };
        self.change(Key { way, ..key }, change);
    }

    fn change(&mut self, key: Key, change: Change) {
        let count = match key.way {
            Way::Gains => &mut self.counts.gained,
            Way::Loses => &mut self.counts.lost,
            Way::MayGain => &mut self.counts.may_gain,
            Way::MayLose => &mut self.counts.may_lose,
        };
        *count += 1;
        if let Some(known) = self.changes.get_mut(&key) {
            *known = Change { calls: known.calls + 1, ..change };
        } else if self.changes.len() < CHANGES_MAX {
            self.changes.insert(key, change);
        } else {
            self.more_changes += 1;
        }
    }

    pub(super) fn leave_out(&mut self, why: String) {
        *self.left_out.entry(why).or_default() += 1;
    }

    /// All lines.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    pub(super) fn audit_lines(&self) -> u64 {
        self.audit_lines
    }

    pub(super) fn events(&self) -> u64 {
        self.events
    }

    /// Calls of which there is an answer.
    pub(super) fn decided(&self) -> u64 {
        self.decided
    }

    /// Calls of which there is none.
    pub(super) fn untold(&self) -> u64 {
        self.untold
    }

    /// Of these, lines of which nothing can be read.
    pub(super) fn unreadable(&self) -> u64 {
        self.unreadable
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// In a sentence.
    pub(super) fn words(&self) -> String {
        let Counts { gained, lost, may_gain, may_lose } = self.counts;
        let mut words = format!("{} calls decided again: {gained} gain access, {lost} lose it", self.decided);
        if self.untold > 0 {
            words.push_str(&format!(
                "; of {} it cannot be told ({may_gain} may gain, {may_lose} may lose)",
                self.untold
            ));
        }
        words
    }

    /// What else a reader has to know of the numbers.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.sampled > 0 {
            notes.push(format!("{} lines are samples and stand for more calls, which are not counted", self.sampled));
        }
        if self.more_changes > 0 {
            notes.push(format!(
                "{} changed calls of further callers and things are counted and not listed",
                self.more_changes
            ));
        }
        if self.events > 0 {
            let time = if self.is_timed { "--time" } else { "when their tokens were issued" };
            notes.push(format!(
                "{} recorded events: tokens read without verification, roles and memberships of the registry as it is, decided as of {time}",
                self.events
            ));
        }
        let others = self.lines - self.audit_lines - self.events;
        if others > 0 {
            notes.push(format!("{others} other lines, {} of them too long to be read", self.too_long));
        }
        notes
    }
}

impl Way {
    /// As in `gains`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Way::Gains => "gains",
            Way::Loses => "loses",
            Way::MayGain => "may gain",
            Way::MayLose => "may lose",
        }
    }
}

fn decision(line: &AuditLine<'_>) -> Option<String> {
    Some(line.decision_id.as_ref().to_owned())
}

fn allowed(rule: Option<RuleId>) -> String {
    rule.map_or_else(|| "allowed".to_owned(), |rule| format!("allowed by {rule}"))
}

fn denied(rule: Option<RuleId>) -> String {
    rule.map_or_else(|| "denied".to_owned(), |rule| format!("denied by {rule}"))
}

/// A reason code; what is none is not told.
fn code(reason: &str) -> &str {
    let is_code = reason.len() <= 64
        && reason.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit());
    if is_code { reason } else { "?" }
}

/// Most callers and things that are listed.
const CHANGES_MAX: usize = 50_000;

/// Most reasons that are counted apart.
const GAPS_MAX: usize = 1_000;
