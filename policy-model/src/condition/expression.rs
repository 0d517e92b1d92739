//! A regular expression, and what it may cost.

use regex::{Error, Regex, RegexBuilder};
use regex_syntax::hir::{Hir, HirKind};

/// Largest compiled expression, in bytes.
const SIZE_MAX: usize = 1 << 18;

/// Deepest nesting.
const DEPTH_MAX: u32 = 32;

/// How much deeper an expression is when it is made whole.
const WHOLE_DEPTH: u32 = 2;

/// States that are looked at in the time of one value.
const STATES_PER_WORK: usize = 4;

/// An expression that a whole text must fit.
#[derive(Debug)]
pub(crate) struct Expression {
    regex: Regex,
    states: usize,
}

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum InvalidExpression {
    /// Its syntax is wrong, in the parser's words.
    Syntax(String),
    /// Compiled it is too big.
    TooBig,
}

impl Expression {
    /// Compiles an expression. It is also read alone: it must not close the group that makes it whole.
    pub(crate) fn parse(text: &str) -> Result<Expression, InvalidExpression> {
        let mut parser = regex_syntax::ast::parse::ParserBuilder::new();
        let parsed = parser.nest_limit(DEPTH_MAX).build().parse(text);
        parsed.map_err(|error| InvalidExpression::Syntax(error.kind().to_string()))?;
        let whole = format!("\\A(?:{text})\\z");
        let regex = RegexBuilder::new(&whole)
            .size_limit(SIZE_MAX)
            .dfa_size_limit(SIZE_MAX)
            .nest_limit(DEPTH_MAX + WHOLE_DEPTH)
            .build()
            .map_err(|error| match error {
                Error::CompiledTooBig(_) => InvalidExpression::TooBig,
                Error::Syntax(_) | _ => InvalidExpression::Syntax("it cannot be used as a whole".to_owned()),
            })?;
        let states = regex_syntax::parse(&whole).map_or(usize::MAX, |hir| states(&hir));
        Ok(Expression { regex, states })
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// What a match costs at worst, in values looked at: each byte of the text may find every state waiting for it.
    pub(super) fn work(&self, bytes: usize) -> usize {
        bytes.saturating_mul(1 + self.states / STATES_PER_WORK)
    }
}

/// How many places in the expression a reader can be at once, about.
fn states(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty => 0,
        HirKind::Literal(literal) => literal.0.len(),
        // The bytes of a character.
        HirKind::Class(_) => 4,
        HirKind::Look(_) => 1,
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1) as usize;
            states(&repetition.sub).saturating_add(1).saturating_mul(times)
        }
        HirKind::Capture(capture) => states(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().fold(1, |sum, part| sum.saturating_add(states(part)))
        }
    }
}
