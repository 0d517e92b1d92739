//! What a resource says of agents and of their skills.

use std::fmt;

use super::{Glob, PatternError};
use crate::request::{is_agent_name, is_skill_id};

/// A pattern of agents, or of skills of agents.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AgentPattern {
    /// A name without `/`: the agents that fit it, and all of their skills.
    Whole(Glob),
    /// `<agent>/<skill>`, either with wildcards: skills, and no agent.
    Skill {
        /// The agent's part.
        agent: Glob,
        /// The skill's part.
        skill: Glob,
    },
}

impl AgentPattern {
    pub(super) fn parse(pattern: &str) -> Result<AgentPattern, PatternError> {
        let fits = |part: &str, is_name: fn(&str) -> bool| is_name(&part.replace('*', "x"));
        match pattern.split_once('/') {
            None if fits(pattern, is_agent_name) => Ok(AgentPattern::Whole(Glob::new(pattern))),
            Some((agent, skill)) if fits(agent, is_agent_name) && fits(skill, is_skill_id) => {
                Ok(AgentPattern::Skill { agent: Glob::new(agent), skill: Glob::new(skill) })
            }
            None | Some(_) => Err(PatternError::NotAnAgent),
        }
    }
}

impl fmt::Display for AgentPattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AgentPattern::Whole(agent) => agent.fmt(out),
            AgentPattern::Skill { agent, skill } => write!(out, "{agent}/{skill}"),
        }
    }
}
