//! Whether a condition holds, and for which of the values that its path selects.

use crate::decision::Effect;

/// Whether something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    True,
    False,
    /// It cannot be evaluated: never enough to allow, always enough to deny.
    Indeterminate,
    /// It depends on arguments that are not known.
    Open,
}

/// Whether something holds for all selected values, and whether for any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Truths {
    pub(crate) all: Truth,
    pub(crate) any: Truth,
}

/// What becomes of the truths of the selected values.
pub(super) trait Quantifier: Copy {
    type Truth;

    /// Whatever the values are.
    fn settled(self, truth: Truth) -> Self::Truth;

    fn over(self, truths: impl Iterator<Item = Truth>) -> Self::Truth;
}

impl Quantifier for Effect {
    type Truth = Truth;

    fn settled(self, truth: Truth) -> Truth {
        truth
    }

    fn over(self, truths: impl Iterator<Item = Truth>) -> Truth {
        match self {
            Effect::Allow => Truth::all(truths),
            Effect::Deny => Truth::any(truths),
        }
    }
}

/// In a rule of either effect.
#[derive(Debug, Clone, Copy)]
pub(super) struct BothEffects;

impl Quantifier for BothEffects {
    type Truth = Truths;

    fn settled(self, truth: Truth) -> Truths {
        Truths { all: truth, any: truth }
    }

    fn over(self, truths: impl Iterator<Item = Truth>) -> Truths {
        let none = Truths { all: Truth::True, any: Truth::False };
        truths.fold(none, |both, truth| Truths { all: both.all.and(truth), any: both.any.or(truth) })
    }
}

impl Truths {
    /// In a rule of this effect.
    pub(crate) fn of(self, effect: Effect) -> Truth {
        match effect {
            Effect::Allow => self.all,
            Effect::Deny => self.any,
        }
    }
}

impl Truth {
    pub(crate) fn of(is_true: bool) -> Truth {
        if is_true { Truth::True } else { Truth::False }
    }

    pub(super) fn not(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Indeterminate | Truth::Open => self,
        }
    }

    /// All of some values: one false settles it, otherwise one that is indeterminate does.
    fn all(mut truths: impl Iterator<Item = Truth>) -> Truth {
        let settled = truths.try_fold(Truth::True, |all, truth| match all.and(truth) {
            Truth::False => Err(Truth::False),
            open @ (Truth::True | Truth::Indeterminate | Truth::Open) => Ok(open),
        });
        settled.unwrap_or_else(|settled| settled)
    }

    /// Any of some values: one true settles it, otherwise one that is indeterminate does.
    pub(crate) fn any(truths: impl Iterator<Item = Truth>) -> Truth {
        Truth::all(truths.map(Truth::not)).not()
    }

    fn or(self, other: Truth) -> Truth {
        self.not().and(other.not()).not()
    }

    /// What is open may still become false, which settles the matter for a DENY; it cannot mend what is indeterminate, which
    /// settles it for an ALLOW. Whoever needs the difference asks [`Truth::and_for`].
    fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::Indeterminate, _) | (_, Truth::Indeterminate) => Truth::Indeterminate,
            (Truth::Open, _) | (_, Truth::Open) => Truth::Open,
            (Truth::True, Truth::True) => Truth::True,
        }
    }

    /// Both, in a rule of this effect.
    pub(crate) fn and_for(self, effect: Effect, other: Truth) -> Truth {
        match (effect, self, other) {
            (Effect::Deny, Truth::Open, Truth::Indeterminate) | (Effect::Deny, Truth::Indeterminate, Truth::Open) => {
                Truth::Open
            }
            (Effect::Allow | Effect::Deny, _, _) => self.and(other),
        }
    }
}
