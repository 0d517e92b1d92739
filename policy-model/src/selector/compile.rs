//! From the parser's tree to a path; refuses what the parser lets through.

use jsonpath_rust::parser::model::{
    Comparable, Comparison, Filter, FilterAtom, FnArg, Literal, Segment as ParsedSegment, Selector as ParsedStep,
    SingularQuery, SingularQuerySegment, Test, TestFunction,
};
use jsonpath_rust::parser::parse_json_path;

use super::error::SelectorError;
use super::limits::{PATH_DESCENDANTS_MAX, PATH_STEPS_MAX, PATTERNS_SIZE_MAX, check_before_parsing};
use super::path::{Comparator, Condition, Expression, Pattern, Query, Segment, Start, Step};
use super::plain::plain_names;
use super::regexp::{Reach, Refusal, Regexp, Translation};

/// Makes a path and counts what it has.
#[derive(Debug, Default)]
pub(super) struct Compiler {
    names: Option<&'static [&'static str]>,
    /// The names after each `$`, each once, if they are restricted.
    pub(super) roots: Vec<&'static str>,
    pub(super) patterns_size: usize,
    steps: usize,
    descendants: usize,
}

impl Compiler {
    /// Takes only paths whose every `$` goes on with one of these names.
    pub(super) fn rooted(names: &'static [&'static str]) -> Compiler {
        Compiler { names: Some(names), ..Compiler::default() }
    }

    pub(super) fn compile(&mut self, text: &str) -> Result<Query, SelectorError> {
        check_before_parsing(text)?;
        let query = if let Some(segments) = plain_names(text) {
            self.steps = segments.len();
            self.rooted_query(Start::Root, segments)?
        } else {
            let parsed = parse_json_path(text).map_err(|_| SelectorError::Syntax)?;
            self.query(Start::Root, &parsed.segments)?
        };
        if self.steps > PATH_STEPS_MAX {
            return Err(SelectorError::TooManySteps);
        }
        if self.descendants > PATH_DESCENDANTS_MAX {
            return Err(SelectorError::TooManyDescendants);
        }
        Ok(query)
    }

    fn query(&mut self, start: Start, parsed: &[ParsedSegment]) -> Result<Query, SelectorError> {
        let segments = parsed.iter().map(|segment| self.segment(segment)).collect::<Result<_, _>>()?;
        self.rooted_query(start, segments)
    }

    fn rooted_query(&mut self, start: Start, segments: Vec<Segment>) -> Result<Query, SelectorError> {
        match (start, self.names) {
            (Start::Root, Some(names)) => {
                let name = segments.first().and_then(Segment::only_name);
                let known = names.iter().find(|known| Some(**known) == name).ok_or(SelectorError::Root(names))?;
                if !self.roots.contains(known) {
                    self.roots.push(known);
                }
            }
            (Start::Root, None) | (Start::Current, _) => {}
        }
        Ok(Query { start, segments })
    }

    fn segment(&mut self, parsed: &ParsedSegment) -> Result<Segment, SelectorError> {
        let (is_descendant, inner) = match parsed {
            ParsedSegment::Descendant(inner) => (true, inner.as_ref()),
            ParsedSegment::Selector(_) | ParsedSegment::Selectors(_) => (false, parsed),
        };
        self.descendants += usize::from(is_descendant);
        let list = match inner {
            ParsedSegment::Selector(step) => std::slice::from_ref(step),
            ParsedSegment::Selectors(list) => list.as_slice(),
            ParsedSegment::Descendant(_) => return Err(SelectorError::Syntax),
        };
        let mut steps = Vec::new();
        for (number, step) in list.iter().enumerate() {
            // One that stands twice selects nothing more.
            if !list.iter().take(number).any(|earlier| earlier == step) {
                steps.push(self.step(step)?);
            }
        }
        Ok(Segment { is_descendant, steps })
    }

    fn step(&mut self, parsed: &ParsedStep) -> Result<Step, SelectorError> {
        self.steps += 1;
        Ok(match parsed {
            ParsedStep::Name(name) => Step::Name(name.clone()),
            ParsedStep::Wildcard => Step::Wildcard,
            ParsedStep::Index(index) => Step::Index(*index),
            ParsedStep::Slice(start, end, step) => Step::Slice { start: *start, end: *end, step: step.unwrap_or(1) },
            ParsedStep::Filter(filter) => Step::Filter(self.condition(filter)?),
        })
    }

    fn condition(&mut self, parsed: &Filter) -> Result<Condition, SelectorError> {
        self.steps += 1;
        let (condition, is_negated) = match parsed {
            Filter::Or(list) => (Condition::Any(self.conditions(list)?), false),
            Filter::And(list) => (Condition::All(self.conditions(list)?), false),
            Filter::Atom(FilterAtom::Filter { expr, not }) => (self.condition(expr)?, *not),
            Filter::Atom(FilterAtom::Test { expr, not }) => (self.test(expr)?, *not),
            Filter::Atom(FilterAtom::Comparison(comparison)) => {
                let (left, right) = comparison.vals();
                let (left, right) = (self.comparable(left)?, self.comparable(right)?);
                (Condition::Compare(left, comparator(comparison), right), false)
            }
        };
        Ok(if is_negated { Condition::Not(Box::new(condition)) } else { condition })
    }

    fn conditions(&mut self, list: &[Filter]) -> Result<Vec<Condition>, SelectorError> {
        list.iter().map(|filter| self.condition(filter)).collect()
    }

    fn test(&mut self, parsed: &Test) -> Result<Condition, SelectorError> {
        match parsed {
            Test::RelQuery(_) | Test::AbsQuery(_) => Ok(Condition::Exists(self.tested(parsed)?)),
            Test::Function(function) => match function.as_ref() {
                TestFunction::Match(text, pattern) => self.matches(text, pattern, Reach::Whole),
                TestFunction::Search(text, pattern) => self.matches(text, pattern, Reach::Part),
                // Only functions whose result is a truth may stand alone.
                TestFunction::Length(_) | TestFunction::Count(_) | TestFunction::Value(_) => Err(SelectorError::Syntax),
                TestFunction::Custom(..) => Err(SelectorError::Syntax),
            },
        }
    }

    fn matches(&mut self, text: &FnArg, pattern: &FnArg, reach: Reach) -> Result<Condition, SelectorError> {
        self.steps += 1;
        let text = self.value_argument(text)?;
        let pattern = match self.value_argument(pattern)? {
            Expression::Text(written) => Pattern::Written(self.regexp(&written, reach)?),
            // What is no text matches nothing.
            found @ (Expression::Null
            | Expression::Bool(_)
            | Expression::Number(_)
            | Expression::Singular(_)
            | Expression::Length(_)
            | Expression::Count(_)
            | Expression::Value(_)) => Pattern::Found(found, reach),
        };
        Ok(Condition::Matches(text, pattern))
    }

    fn regexp(&mut self, written: &str, reach: Reach) -> Result<Regexp, SelectorError> {
        let regexp = Translation::read(written).and_then(|translation| {
            self.patterns_size = self.patterns_size.saturating_add(translation.size());
            if self.patterns_size > PATTERNS_SIZE_MAX { Err(Refusal::TooLarge) } else { translation.compile(reach) }
        });
        regexp.map_err(|refusal| match refusal {
            // RFC 9535 lets it match nothing, which is not what the author of a policy means.
            Refusal::NotARegexp => SelectorError::NotARegexp,
            Refusal::TooLarge => SelectorError::PatternTooLarge,
        })
    }

    fn comparable(&mut self, parsed: &Comparable) -> Result<Expression, SelectorError> {
        match parsed {
            Comparable::Literal(literal) => value_of(literal),
            Comparable::Function(function) => self.value_function(function),
            Comparable::SingularQuery(query) => {
                let (start, parsed) = match query {
                    SingularQuery::Current(parsed) => (Start::Current, parsed),
                    SingularQuery::Root(parsed) => (Start::Root, parsed),
                };
                let segments = parsed.iter().map(singular_segment).collect();
                Ok(Expression::Singular(self.rooted_query(start, segments)?))
            }
        }
    }

    /// A function whose result is a value.
    fn value_function(&mut self, parsed: &TestFunction) -> Result<Expression, SelectorError> {
        self.steps += 1;
        match parsed {
            TestFunction::Length(argument) => Ok(Expression::Length(Box::new(self.value_argument(argument)?))),
            TestFunction::Count(argument) => Ok(Expression::Count(self.nodes_argument(argument)?)),
            TestFunction::Value(argument) => Ok(Expression::Value(self.nodes_argument(argument)?)),
            TestFunction::Search(..) | TestFunction::Match(..) | TestFunction::Custom(..) => Err(SelectorError::Syntax),
        }
    }

    /// An argument that is a value: of a query, one that cannot select two.
    fn value_argument(&mut self, parsed: &FnArg) -> Result<Expression, SelectorError> {
        match parsed {
            FnArg::Literal(literal) => value_of(literal),
            FnArg::Filter(_) => Err(SelectorError::Syntax),
            FnArg::Test(test) => match test.as_ref() {
                Test::Function(function) => self.value_function(function),
                Test::RelQuery(_) | Test::AbsQuery(_) => {
                    let query = self.tested(test)?;
                    let is_singular = query.segments.iter().all(Segment::is_singular);
                    if is_singular { Ok(Expression::Singular(query)) } else { Err(SelectorError::Syntax) }
                }
            },
        }
    }

    /// An argument that is whatever a query selects.
    fn nodes_argument(&mut self, parsed: &FnArg) -> Result<Query, SelectorError> {
        match parsed {
            FnArg::Test(test) => self.tested(test),
            FnArg::Literal(_) | FnArg::Filter(_) => Err(SelectorError::Syntax),
        }
    }

    fn tested(&mut self, parsed: &Test) -> Result<Query, SelectorError> {
        match parsed {
            Test::RelQuery(segments) => self.query(Start::Current, segments),
            Test::AbsQuery(query) => self.query(Start::Root, &query.segments),
            Test::Function(_) => Err(SelectorError::Syntax),
        }
    }
}

fn comparator(comparison: &Comparison) -> Comparator {
    match comparison {
        Comparison::Eq(..) => Comparator::Equal,
        Comparison::Ne(..) => Comparator::NotEqual,
        Comparison::Lt(..) => Comparator::Less,
        Comparison::Lte(..) => Comparator::LessOrEqual,
        Comparison::Gt(..) => Comparator::Greater,
        Comparison::Gte(..) => Comparator::GreaterOrEqual,
    }
}

fn value_of(literal: &Literal) -> Result<Expression, SelectorError> {
    Ok(match literal {
        Literal::Int(number) => Expression::Number(number.to_string()),
        Literal::Float(number) if !number.is_finite() => return Err(SelectorError::Syntax),
        Literal::Float(number) => Expression::Number(number.to_string()),
        Literal::String(text) => Expression::Text(text.clone()),
        Literal::Bool(is_true) => Expression::Bool(*is_true),
        Literal::Null => Expression::Null,
    })
}

fn singular_segment(parsed: &SingularQuerySegment) -> Segment {
    let step = match parsed {
        SingularQuerySegment::Name(name) => Step::Name(name.clone()),
        SingularQuerySegment::Index(index) => Step::Index(*index),
    };
    Segment { is_descendant: false, steps: vec![step] }
}
