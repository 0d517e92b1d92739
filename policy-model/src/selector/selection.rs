//! The selected values.

use std::ops::Deref;

use crate::json::Value;

/// Selected values, each once and in the order of the text. Mostly there is one, which is not allocated for.
#[derive(Debug, Clone)]
pub(crate) enum Selection<'d> {
    AtMostOne(Option<Value<'d>>),
    Several(Vec<Value<'d>>),
}

impl<'d> Deref for Selection<'d> {
    type Target = [Value<'d>];

    fn deref(&self) -> &[Value<'d>] {
        match self {
            Selection::AtMostOne(value) => value.as_slice(),
            Selection::Several(values) => values,
        }
    }
}
