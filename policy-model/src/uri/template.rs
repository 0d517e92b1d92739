//! A template of URIs.

use std::cell::Cell;

use super::symbols::{Symbol, bytes, intersect};
use super::{InvalidUri, is_normal};
use crate::pattern::Glob;

/// Most work to find out which patterns name what a template produces, in steps.
const WORK_MAX: usize = 4_000_000;

/// A URI template (RFC 6570) whose URIs are in normal form, as far as they can be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UriTemplate<'t> {
    text: &'t str,
    symbols: Box<[Symbol]>,
    /// What fits every URI that it produces, and more.
    expansions: Glob,
    work: Cell<usize>,
}

/// An expression of a template, without its braces.
struct Expression {
    symbols: Vec<Symbol>,
    /// What it may produce.
    examples: [&'static str; 3],
}

impl<'t> UriTemplate<'t> {
    /// Takes a template as a target sent it.
    ///
    /// # Errors
    /// [`InvalidUri`] if it is no template, or what it produces is not in normal form.
    pub fn parse(text: &'t str) -> Result<UriTemplate<'t>, InvalidUri> {
        let mut symbols = Vec::new();
        let mut pattern = String::new();
        let mut examples: [String; 3] = Default::default();
        let mut rest = text;
        while let Some((literal, after)) = rest.split_once('{') {
            let (expression, after) = after.split_once('}').ok_or(InvalidUri)?;
            if literal.contains(['}', '*']) {
                return Err(InvalidUri);
            }
            symbols.extend(bytes(literal));
            // Within the host a value stays there. Elsewhere many who fill in `{path}` leave its slashes as they are.
            let run = if is_in_authority(&symbols) { Symbol::Within } else { Symbol::Any };
            let expression = Expression::parse(expression, run)?;
            symbols.extend(expression.symbols);
            pattern.extend([literal, "*"]);
            examples.iter_mut().zip(expression.examples).for_each(|(text, example)| text.extend([literal, example]));
            rest = after;
        }
        if rest.contains(['}', '*']) {
            return Err(InvalidUri);
        }
        symbols.extend(bytes(rest));
        pattern.push_str(rest);
        examples.iter_mut().for_each(|example| example.push_str(rest));
        let has_scheme = text.split_once(':').is_some_and(|(scheme, _)| !scheme.contains('{'));
        if !has_scheme || !examples.iter().any(|example| is_normal(example)) {
            return Err(InvalidUri);
        }
        Ok(UriTemplate { text, symbols: symbols.into(), expansions: Glob::new(&pattern), work: Cell::new(WORK_MAX) })
    }

    /// The template as written.
    pub fn as_str(&self) -> &'t str {
        self.text
    }

    /// Whether it produces a URI that is one of these; none where that took more than [`WORK_MAX`] for all that was asked.
    pub(crate) fn produces_some_of(&self, pattern: &[Symbol]) -> Option<bool> {
        if self.work.get() == 0 {
            return None;
        }
        let (is_one, steps) = intersect(&self.symbols, pattern);
        self.charge(steps);
        Some(is_one)
    }

    /// Whether all that it produces fits a pattern; none as above.
    pub(crate) fn is_covered_by(&self, pattern: &Glob) -> Option<bool> {
        self.charge(1 + self.text.len() / 8);
        (self.work.get() > 0).then(|| pattern.covers(&self.expansions))
    }

    fn charge(&self, steps: usize) {
        self.work.set(self.work.get().saturating_sub(steps));
    }

    /// The steps that were taken.
    pub(crate) fn steps(&self) -> usize {
        WORK_MAX - self.work.get()
    }
}

impl Expression {
    /// Takes what stands between braces; `run` is what its values may be.
    fn parse(text: &str, run: Symbol) -> Result<Expression, InvalidUri> {
        let operator = text.bytes().next().ok_or(InvalidUri)?;
        let after = |first: u8, run: Symbol| vec![Symbol::Maybe(2), Symbol::Byte(first), run];
        let (symbols, examples) = match operator {
            _ if text.contains('{') => return Err(InvalidUri),
            b'+' => (vec![Symbol::Any], ["x", "/x", "x/x"]),
            // A fragment, with which no URI is in normal form: it must be missing.
            b'#' => (Vec::new(), ["", "", ""]),
            b'.' => (after(b'.', run), [".x", ".1", ""]),
            b'/' => (after(b'/', Symbol::Any), ["/x", "/1", ""]),
            b';' => (after(b';', run), [";x", ";1", ""]),
            b'?' => (after(b'?', Symbol::Any), ["?x", "?1", ""]),
            b'&' => (after(b'&', run), ["&x", "&1", ""]),
            b'=' | b',' | b'!' | b'@' | b'|' => return Err(InvalidUri),
            _ => (vec![run], ["x", "1", ""]),
        };
        Ok(Expression { symbols, examples })
    }
}

/// Whether what has been read so far may end within host and port.
fn is_in_authority(symbols: &[Symbol]) -> bool {
    let scheme = symbols.iter().position(|symbol| *symbol == Symbol::Byte(b':')).unwrap_or(symbols.len());
    let behind = symbols.get(scheme..).unwrap_or_default();
    let authority = behind.strip_prefix(&[Symbol::Byte(b':'), Symbol::Byte(b'/'), Symbol::Byte(b'/')]);
    let ends = |symbol: &Symbol| matches!(symbol, Symbol::Byte(b'/' | b'?') | Symbol::Any);
    authority.is_some_and(|authority| !authority.iter().any(ends))
}
