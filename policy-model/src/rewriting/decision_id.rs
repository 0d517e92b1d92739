//! Where the id of the decision stands in the arguments that went on.

use super::{Change, Rewrite, Source};
use crate::decision::Layers;
use crate::id::DecisionId;
use crate::json::Value;
use crate::request::{DECISION, Resource};

impl Layers<'_> {
    /// The id of a decision as the policies wrote it into the arguments of a call: what stands where they set it, if it has the
    /// form of such an id. Whoever asks sees to it that the arguments are then the ones that this id gives.
    pub fn decision_in(self, resource: &Resource<'_>, arguments: Value<'_>) -> Option<String> {
        let layers = self.rewrites(resource);
        layers.iter().enumerate().find_map(|(number, layer)| {
            let is_kept = |entry: &Rewrite| !layers.iter().skip(number + 1).flatten().any(|later| later.is_over(entry));
            let mut own = layer.iter().filter(|entry| entry.sets_decision() && is_kept(entry));
            own.find_map(|entry| entry.decision_in(arguments))
        })
    }
}

impl Rewrite {
    fn sets_decision(&self) -> bool {
        match &self.change {
            Change::Set(Source::Path(path)) => path.leading_names().first() == Some(&DECISION),
            Change::Set(Source::Written(_))
            | Change::Remove
            | Change::Mask
            | Change::MaskFound(_)
            | Change::Refuse
            | Change::RefuseFound(_) => false,
        }
    }

    /// Whether it writes where another one of an earlier policy wrote, or above.
    fn is_over(&self, earlier: &Rewrite) -> bool {
        match &self.change {
            Change::Set(_) => {
                let names = self.path.names().unwrap_or_default();
                earlier.path.names().unwrap_or_default().starts_with(&names)
            }
            Change::Remove | Change::Mask | Change::MaskFound(_) | Change::Refuse | Change::RefuseFound(_) => false,
        }
    }

    fn decision_in(&self, arguments: Value<'_>) -> Option<String> {
        let names = self.path.names()?;
        // The first is the root, which is `arguments`.
        let value = names.iter().skip(1).try_fold(arguments, |value, name| value.get(name))?;
        // Where the whole of `decision` is set its id stands in it.
        let id = value.get("id").unwrap_or(value).as_str()?;
        DecisionId::parse(&id).map(|id| id.as_str().to_owned())
    }
}
