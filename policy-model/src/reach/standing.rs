//! What comes of all rules for a member.

use super::needs::{Asked, Excluded, Way, needs};
use super::proof::{Proof, Prover};
use super::{Member, Question};
use crate::explanation::Whose;
use crate::id::RuleId;

/// What a member may do with one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach<'p> {
    /// In one word.
    pub standing: Standing<'p>,
    /// The ALLOW rules that can apply, in the order of their ids.
    pub allows: Vec<Way<'p>>,
    /// The DENY rules that can apply, by layer and then in the order of their ids.
    pub denies: Vec<Way<'p>>,
    /// The rules that name the thing and cannot apply.
    pub excluded: Vec<Excluded<'p>>,
    /// Whether an agent must call for the member, whatever rules say.
    pub needs_agent: bool,
}

/// Whether a member may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'p> {
    /// Whatever its token says and whatever it asks with, by this rule.
    Always(&'p RuleId),
    /// With the right token, at the right time, with the right arguments.
    Sometimes {
        /// Whether a request was found that is allowed; otherwise it cannot be told that there is none.
        is_shown: bool,
    },
    /// Never: this DENY rule always applies.
    Denied(&'p RuleId, Whose),
    /// Never: no ALLOW rule can apply.
    NothingAllows,
    /// Never: whenever an ALLOW rule applies, a DENY rule does too, or its conditions exclude each other.
    Contradicted,
}

pub(super) fn reach<'p>(question: &Question<'p>, member: &Member<'_>) -> Reach<'p> {
    let needs_agent = question.layers.requires_actor() && !member.is_machine;
    let asked = Asked { resource: &question.resource, is_name_known: true, time: question.time };
    let mut excluded = Vec::new();
    let mut ways = |candidates| {
        let mut ways: Vec<Way<'p>> = Vec::new();
        for candidate in candidates {
            match needs(&asked, candidate, member, needs_agent) {
                Ok(way) => ways.push(way),
                Err(own) => excluded.push(own),
            }
        }
        ways
    };
    let (denies, mut allows) = (ways(&question.denies), ways(&question.allows));
    let always_denies = denies.iter().find(|way| way.needs.is_empty());
    let always_allows = allows.iter().find(|way| way.needs.is_empty());
    let standing = match (always_denies, always_allows) {
        (Some(way), _) => Standing::Denied(way.rule, way.layer),
        (None, _) if allows.is_empty() => Standing::NothingAllows,
        (None, Some(way)) if denies.is_empty() => Standing::Always(way.rule),
        (None, _) => {
            let mut prover = Prover::new(question, member, needs_agent, &denies);
            for way in &mut allows {
                way.proof = Some(prover.prove(way));
            }
            let has = |proof: Proof| allows.iter().any(|way| way.proof == Some(proof));
            match (has(Proof::Shown), has(Proof::Unclear)) {
                (true, _) => Standing::Sometimes { is_shown: true },
                (false, true) => Standing::Sometimes { is_shown: false },
                (false, false) => Standing::Contradicted,
            }
        }
    };
    Reach { standing, allows, denies, excluded, needs_agent }
}

impl Standing<'_> {
    /// Whether there is nothing that the member may do.
    pub fn is_never(&self) -> bool {
        match self {
            Standing::Always(_) | Standing::Sometimes { .. } => false,
            Standing::Denied(..) | Standing::NothingAllows | Standing::Contradicted => true,
        }
    }
}
