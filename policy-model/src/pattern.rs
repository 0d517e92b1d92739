//! What a rule's resource says: `agent:<kind>:<pattern>`, where `*` is any run of characters.

mod agent;
mod glob;

use std::fmt;

pub(crate) use agent::AgentPattern;
pub(crate) use glob::Glob;

use crate::request::is_model_name;
use crate::tool_name::{DELIMITER, is_target};
use crate::uri::symbols::{self, Symbol};
use crate::uri::{ResourceUri, is_normal};

/// Longest resource, in bytes.
pub const RESOURCE_BYTES_MAX: usize = 1_024;

/// Most `*` in one pattern.
pub const WILDCARDS_MAX: usize = 8;

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResourceType {
    /// Tools.
    Tool,
    /// Prompts.
    Prompt,
    /// Resources, by their URI.
    Resource,
    /// Agents and their skills, by their name.
    Agent,
    /// Models, by their name.
    Model,
}

/// A resource as written, checked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pattern {
    Tool(ToolPattern),
    Prompt(ToolPattern),
    Uri(UriPattern),
    Agent(AgentPattern),
    Model(Glob),
}

/// How far a pattern reaches where it can be read in two ways.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reach<'t> {
    /// A bare name is that name on this target, or unprefixed if there is none; a wildcard stays in its part: what an ALLOW means.
    /// A model's name is the whole of it.
    Narrow(Option<&'t str>),
    /// A bare name is that name on every target and unprefixed; a wildcard crosses parts: what a DENY or a redaction means.
    Wide,
}

/// A tool or prompt pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ToolPattern {
    /// `*`: every tool.
    All,
    /// `<target>___<tool>`, either with wildcards.
    Prefixed {
        /// The target's part.
        target: Glob,
        /// The tool's part.
        tool: Glob,
    },
    /// A name without `___`.
    Bare(Glob),
}

/// A URI pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum UriPattern {
    /// `*`: every URI.
    All,
    /// Scheme, host and the rest.
    Parts {
        /// The scheme, without colon.
        scheme: Box<str>,
        /// What stands between `//` and the next `/` or `?`.
        authority: Option<Glob>,
        /// All else.
        rest: Glob,
    },
}

impl ResourceType {
    /// All of them.
    pub const ALL: &'static [ResourceType] =
        &[ResourceType::Tool, ResourceType::Prompt, ResourceType::Resource, ResourceType::Agent, ResourceType::Model];

    /// As written in `resourceType`.
    pub fn word(self) -> &'static str {
        match self {
            ResourceType::Tool => "TOOL",
            ResourceType::Prompt => "PROMPT",
            ResourceType::Resource => "RESOURCE",
            ResourceType::Agent => "AGENT",
            ResourceType::Model => "MODEL",
        }
    }

    /// What a resource of this kind begins with.
    pub fn prefix(self) -> &'static str {
        match self {
            ResourceType::Tool => "agent:tool:",
            ResourceType::Prompt => "agent:prompt:",
            ResourceType::Resource => "agent:resource:",
            ResourceType::Agent => "agent:agent:",
            ResourceType::Model => "agent:model:",
        }
    }
}

impl Pattern {
    /// Takes a resource of a rule of this kind.
    pub(crate) fn parse(resource: &str, kind: ResourceType) -> Result<Pattern, PatternError> {
        if resource.len() > RESOURCE_BYTES_MAX {
            return Err(PatternError::TooLong);
        }
        let pattern = resource.strip_prefix(kind.prefix()).ok_or(PatternError::OtherKind(kind))?;
        if pattern.is_empty() {
            return Err(PatternError::Empty);
        }
        if pattern.bytes().filter(|byte| *byte == b'*').count() > WILDCARDS_MAX {
            return Err(PatternError::TooManyWildcards);
        }
        match kind {
            ResourceType::Tool => ToolPattern::parse(pattern).map(Pattern::Tool),
            ResourceType::Prompt => ToolPattern::parse(pattern).map(Pattern::Prompt),
            ResourceType::Resource => UriPattern::parse(pattern).map(Pattern::Uri),
            ResourceType::Agent => AgentPattern::parse(pattern).map(Pattern::Agent),
            ResourceType::Model if !is_model_name(&pattern.replace('*', "x")) => Err(PatternError::NotAModel),
            ResourceType::Model => Ok(Pattern::Model(Glob::new(pattern))),
        }
    }

    /// What it names things of.
    pub(crate) fn kind(&self) -> ResourceType {
        match self {
            Pattern::Tool(_) => ResourceType::Tool,
            Pattern::Prompt(_) => ResourceType::Prompt,
            Pattern::Uri(_) => ResourceType::Resource,
            Pattern::Agent(_) => ResourceType::Agent,
            Pattern::Model(_) => ResourceType::Model,
        }
    }

    /// The kind by which the resource begins, for a redaction, which may name all kinds.
    pub(crate) fn parse_any(resource: &str) -> Result<Pattern, PatternError> {
        let kind = ResourceType::ALL.iter().find(|kind| resource.starts_with(kind.prefix()));
        Pattern::parse(resource, *kind.ok_or(PatternError::NoKind)?)
    }
}

impl ToolPattern {
    fn parse(pattern: &str) -> Result<ToolPattern, PatternError> {
        if !pattern.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-*".contains(&byte)) {
            return Err(PatternError::ForbiddenCharacter);
        }
        if pattern.bytes().all(|byte| byte == b'*') {
            return Ok(ToolPattern::All);
        }
        match pattern.split_once(DELIMITER) {
            Some((target, tool)) => {
                let is_target_glob = target.split('*').all(|piece| piece.is_empty() || is_target(piece));
                if target.is_empty() || !is_target_glob || tool.is_empty() || tool.starts_with('_') {
                    return Err(PatternError::BadDelimiter);
                }
                Ok(ToolPattern::Prefixed { target: Glob::new(target), tool: Glob::new(tool) })
            }
            None if pattern.contains("__") => Err(PatternError::BadDelimiter),
            None => Ok(ToolPattern::Bare(Glob::new(pattern))),
        }
    }
}

impl UriPattern {
    pub(crate) fn parse(pattern: &str) -> Result<UriPattern, PatternError> {
        if pattern.bytes().all(|byte| byte == b'*') {
            return Ok(UriPattern::All);
        }
        let (scheme, rest) = pattern.split_once(':').ok_or(PatternError::NoScheme)?;
        if scheme.contains('*') {
            return Err(PatternError::NoScheme);
        }
        // With a letter or a digit for each wildcard the pattern is a URI like those it names.
        if !["x", "1"].iter().any(|run| is_normal(&pattern.replace('*', run))) {
            return Err(PatternError::NotNormal);
        }
        let (authority, rest) = match rest.strip_prefix("//") {
            None => (None, rest),
            Some(rest) => {
                let (authority, rest) =
                    rest.split_at_checked(rest.find(['/', '?']).unwrap_or(rest.len())).unwrap_or((rest, ""));
                (Some(Glob::new(authority)), rest)
            }
        };
        Ok(UriPattern::Parts { scheme: scheme.into(), authority, rest: Glob::new(rest) })
    }

    /// The pattern as one, whose wildcards cross everything.
    pub(crate) fn whole(&self) -> Glob {
        Glob::new(&self.to_string())
    }

    /// Whether each part fits the URI's.
    pub(crate) fn matches_parts(&self, uri: &ResourceUri<'_>) -> bool {
        match self {
            UriPattern::All => true,
            UriPattern::Parts { scheme, authority, rest } => {
                let is_host = match (authority, uri.authority()) {
                    (Some(pattern), Some(authority)) => pattern.matches(authority),
                    (None, None) => true,
                    (Some(_), None) | (None, Some(_)) => false,
                };
                is_host && **scheme == *uri.scheme() && rest.matches(uri.rest())
            }
        }
    }
}

impl UriPattern {
    /// What an ALLOW of it names: a wildcard in the host stays there. None if that is everything.
    pub(crate) fn symbols(&self) -> Option<Box<[Symbol]>> {
        let UriPattern::Parts { scheme, authority, rest } = self else { return None };
        let mut symbols: Vec<Symbol> = symbols::bytes(scheme).chain(symbols::bytes(":")).collect();
        if let Some(authority) = authority {
            symbols.extend(symbols::bytes("//"));
            symbols.extend(symbols::of_glob(authority, Symbol::Within));
        }
        symbols.extend(symbols::of_glob(rest, Symbol::Any));
        Some(symbols.into())
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

/// The resource as written.
impl fmt::Display for Pattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pattern::Tool(pattern) => write!(out, "{}{pattern}", ResourceType::Tool.prefix()),
            Pattern::Prompt(pattern) => write!(out, "{}{pattern}", ResourceType::Prompt.prefix()),
            Pattern::Uri(pattern) => write!(out, "{}{pattern}", ResourceType::Resource.prefix()),
            Pattern::Agent(pattern) => write!(out, "{}{pattern}", ResourceType::Agent.prefix()),
            Pattern::Model(pattern) => write!(out, "{}{pattern}", ResourceType::Model.prefix()),
        }
    }
}

impl fmt::Display for ToolPattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ToolPattern::All => out.write_str("*"),
            ToolPattern::Prefixed { target, tool } => write!(out, "{target}{DELIMITER}{tool}"),
            ToolPattern::Bare(tool) => tool.fmt(out),
        }
    }
}

impl fmt::Display for UriPattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UriPattern::All => out.write_str("*"),
            UriPattern::Parts { scheme, authority: Some(authority), rest } => {
                write!(out, "{scheme}://{authority}{rest}")
            }
            UriPattern::Parts { scheme, authority: None, rest } => write!(out, "{scheme}:{rest}"),
        }
    }
}

/// Why a resource is not a pattern of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternError {
    /// It does not begin with what the rule's `resourceType` wants.
    OtherKind(ResourceType),
    /// It begins with no known kind.
    NoKind,
    /// Nothing follows the kind.
    Empty,
    /// More than [`RESOURCE_BYTES_MAX`] bytes.
    TooLong,
    /// More than [`WILDCARDS_MAX`] `*`.
    TooManyWildcards,
    /// A character that no tool name has.
    ForbiddenCharacter,
    /// An underscore run that is not exactly one `___` between target and tool.
    BadDelimiter,
    /// A URI pattern without a scheme written out.
    NoScheme,
    /// A URI pattern that no URI in normal form fits.
    NotNormal,
    /// Not the name of an agent or of one of its skills.
    NotAnAgent,
    /// Not a model's name.
    NotAModel,
    /// Nothing that is called with arguments.
    NotCalled,
    /// Nothing that the bounds of arguments beside it are about.
    NotMeasured,
    /// No model, beside a bound of tokens.
    NoTokens,
}

impl fmt::Display for PatternError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PatternError::OtherKind(kind) => write!(out, "expected {}<name>, as resourceType is {kind}", kind.prefix()),
            PatternError::NoKind => {
                out.write_str("expected agent:tool:, agent:prompt:, agent:resource:, agent:agent: or agent:model: and a name")
            }
            PatternError::Empty => out.write_str("expected a name after the kind; all of a kind are written *"),
            PatternError::TooLong => write!(out, "longer than {RESOURCE_BYTES_MAX} bytes"),
            PatternError::TooManyWildcards => write!(out, "more than {WILDCARDS_MAX} wildcards"),
            PatternError::ForbiddenCharacter => {
                out.write_str("a tool name has only A-Z a-z 0-9 _ . - and the wildcard *")
            }
            PatternError::BadDelimiter => out.write_str(
                "expected <target>___<tool> with exactly three underscores between, and no underscore in the target",
            ),
            PatternError::NoScheme => out.write_str("expected a scheme without wildcard, as in file:///docs/*"),
            PatternError::NotNormal => out.write_str(
                "not in normal form, so that no URI can fit it; expected scheme and host in lower case, no user, fragment, \
                 dot segment, empty segment or needless percent-encoding",
            ),
            PatternError::NotAnAgent => out.write_str(
                "an agent's name is 1 to 128 of A-Z a-z 0-9 . _ - and the wildcard *; a skill is <agent>/<skill>, both such names",
            ),
            PatternError::NotCalled => {
                out.write_str("only tools and prompts have arguments; expected agent:tool: or agent:prompt: and a name")
            }
            PatternError::NotMeasured => out.write_str(
                "the bound beside it is one of arguments, which only tools and prompts have; expected agent:tool: or \
                 agent:prompt: and a name, or for models maxTokens in its place",
            ),
            PatternError::NoTokens => out.write_str(
                "maxTokens is about models only; expected agent:model: and a name, or for tools and prompts another bound in \
                 its place",
            ),
            PatternError::NotAModel => {
                out.write_str("a model's name is 1 to 256 of A-Z a-z 0-9 . _ : / @ - and the wildcard *")
            }
        }
    }
}
