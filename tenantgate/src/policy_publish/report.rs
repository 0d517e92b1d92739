//! What was published, or would be.

use policy_registry::operate::{Expectation, PolicyDocument, PolicyState, PublishOutcome, Published};
use serde_json::{Value, json};

use crate::answer;
use crate::failure::Failure;
use crate::finding::plural;
use crate::operator_desk::scope_word;

/// A policy, and what is in force where it is to be.
pub(super) struct Plan<'d> {
    pub(super) document: &'d PolicyDocument,
    /// None for a baseline where there is none.
    pub(super) state: Option<PolicyState>,
}

impl Plan<'_> {
    pub(super) fn is_met(&self, expect: &Expectation) -> bool {
        self.state.as_ref().is_some_and(|state| match expect {
            Expectation::Version(version) => state.policy_version == Some(*version),
            Expectation::Sha256(digits) => state.policy.sha256.starts_with(digits.as_str()),
        })
    }

    pub(super) fn in_force(&self) -> String {
        self.state.as_ref().map_or("no policy".to_owned(), PolicyState::version_text)
    }

    fn is_unchanged(&self) -> bool {
        self.state.as_ref().is_some_and(|state| state.policy.sha256 == self.document.sha256())
    }
}

/// Tells what was published; the documents have the names and warnings.
pub(super) fn published(
    is_json: bool,
    change_set: Option<&str>,
    published: &[Published],
    documents: &[PolicyDocument],
) -> Result<(), Failure> {
    let policy = |one: &Published| {
        let document = documents.iter().find(|document| *document.scope() == one.scope);
        document.map_or("?", |document| document.policy().as_str()).to_owned()
    };
    let entries: Vec<Value> = published
        .iter()
        .map(|one| {
            json!({
                "tenantId": scope_word(&one.scope), "policyId": policy(one), "outcome": outcome(one.outcome), "version": one.version,
                "sha256": one.sha256, "fromVersion": one.from_version, "shadowCleared": one.is_shadow_cleared,
            })
        })
        .collect();
    answer::write(is_json, &json!({"changeSet": change_set, "policies": entries}), || {
        let mut text = String::new();
        for one in published {
            text += &line(one, &policy(one));
        }
        let unchanged = published.iter().filter(|one| one.outcome == PublishOutcome::Unchanged).count();
        if published.len() > 1 {
            let changed = published.len() - unchanged;
            text += &format!(
                "{} published, {unchanged} unchanged",
                plural(changed, "policy").replace("policys", "policies")
            );
            text += &change_set.map_or(String::new(), |id| format!("; change set {id}"));
        }
        text
    })
}

fn line(one: &Published, policy: &str) -> String {
    let version = |version: Option<u64>| {
        version.map_or("an unversioned policy".to_owned(), |version| format!("version {version}"))
    };
    let (scope, now) = (&one.scope, version(one.version));
    let before = match (&one.from, one.from_version) {
        (None, _) => "there was none".to_owned(),
        (Some(_), before) => format!("was {}", version(before)),
    };
    let shadow = if one.is_shadow_cleared { "; it was the shadow, which is cleared" } else { "" };
    match one.outcome {
        PublishOutcome::Unchanged => format!("{scope}: {now} of {policy} is in force already\n"),
        PublishOutcome::New => format!("{scope}: {now} of {policy} is in force ({before}){shadow}\n"),
        PublishOutcome::Again => format!("{scope}: {now} of {policy} is in force again ({before}){shadow}\n"),
    }
}

/// Tells what would be published.
pub(super) fn planned(is_json: bool, plans: &[Plan<'_>]) -> Result<(), Failure> {
    let entries: Vec<Value> = plans
        .iter()
        .map(|plan| {
            let (document, state) = (plan.document, plan.state.as_ref());
            json!({
                "tenantId": scope_word(document.scope()), "policyId": document.policy().as_str(), "sha256": document.sha256(),
                "unchanged": plan.is_unchanged(), "fromVersion": state.and_then(|state| state.policy_version),
                "fromSha256": state.map(|state| &state.policy.sha256),
            })
        })
        .collect();
    answer::write(is_json, &json!({"dryRun": true, "policies": entries}), || {
        let mut text = String::new();
        for plan in plans {
            let (scope, policy) = (plan.document.scope(), plan.document.policy());
            text += &if plan.is_unchanged() {
                format!("{scope}: {policy} is in force already\n")
            } else {
                format!("{scope}: {policy} would be in force, in the place of {}\n", plan.in_force())
            };
        }
        text + "nothing was written"
    })
}

fn outcome(outcome: PublishOutcome) -> &'static str {
    match outcome {
        PublishOutcome::Unchanged => "UNCHANGED",
        PublishOutcome::New => "NEW",
        PublishOutcome::Again => "AGAIN",
    }
}
