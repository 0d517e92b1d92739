//! A condition as a guard of a Cedar policy.

use crate::cedar::compare::{Compared, definitely};
use crate::cedar::numbered::Numbered;
use crate::cedar::ranks::Ranks;
use crate::path::{Path, Step};
use crate::policy::{Condition, Effect, Operand, Operator};

/// The most values of one path that a context carries.
pub(crate) const VALUES_MAX: usize = 8;

/// A permit holds `when` the condition is definitely true, a forbid `unless` it is definitely false.
pub(crate) fn guard(effect: Effect, condition: &Condition, numbered: &Numbered<'_>, ranks: &Ranks) -> String {
    let selected = numbered.place(&condition.path);
    let spelled: String = condition.paths().map(|path| format!("!{}.isRespelled && ", numbered.place(path))).collect();
    let (word, is_true) = match effect {
        Effect::Allow => ("when", true),
        Effect::Deny => ("unless", false),
    };
    let definitely = if condition.operator == Operator::Exists {
        format!("({selected}.count > 0) == {is_true}")
    } else if condition.operator == Operator::NotExists {
        format!("({selected}.count == 0) == {is_true}")
    } else {
        all(is_true, condition, numbered, ranks)
    };
    format!("\n{word} {{ {spelled}{definitely} }}")
}

/// That there are values and each definitely fits, or that each definitely does not.
fn all(is_true: bool, condition: &Condition, numbered: &Numbered<'_>, ranks: &Ranks) -> String {
    let selected = numbered.place(&condition.path);
    let outside = numbered.outside(condition);
    let each = |nth: usize| {
        let node = format!("{selected}.n{nth}");
        let outside = format!("{outside}.n{nth}");
        match &condition.operand {
            Operand::Nothing => "false".to_owned(),
            Operand::Pattern(_) => {
                let not = if is_true { "" } else { "!" };
                format!("{node}.kind == \"string\" && {not}{outside}")
            }
            Operand::Value(value) => {
                definitely(is_true, condition.operator, &node, &Compared::Constant(value), &outside, ranks)
            }
            Operand::ValuePath(path) => {
                let other = numbered.place(path);
                let value = Compared::Selected(format!("{other}.n0"));
                let guard = definitely(is_true, condition.operator, &node, &value, &outside, ranks);
                format!("{other}.count == 1 && ({guard})")
            }
        }
    };
    let mut guard = "true".to_owned();
    for nth in (0..values_max(&condition.path)).rev() {
        guard = format!("({selected}.count == {nth} || (({}) && {guard}))", each(nth));
    }
    format!("{selected}.count > 0 && {guard}")
}

/// How many values a path can select.
pub(crate) fn values_max(path: &Path) -> usize {
    let is_single = path.steps.iter().all(|step| match step {
        Step::Name(_) | Step::Nth(_) => true,
        Step::From(_) | Step::All | Step::Descend(_) | Step::Where(_) => false,
    });
    if is_single { 1 } else { VALUES_MAX }
}
