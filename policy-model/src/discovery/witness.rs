//! Arguments and claims to which some rules apply and others do not.

use std::cell::Cell;

use super::problem::{Clause, Needed, Problem};
use super::search::{AtUnclear, search};
use super::{Finding, SEARCH_WORK_MAX, Work};
use crate::request::Request;

/// Looks for values of what is `open` with which the conditions let their rules apply, and those of no clause do; `accepts` is whether
/// the decision says so too.
///
/// [`Finding::Nothing`] is a proof as in discovery; after what is unclear the search goes on. Also how much work it took.
pub(crate) fn find_witness(
    accepts: &dyn Fn(&Request<'_>) -> bool,
    request: &Request<'_>,
    needed: &[Needed<'_>],
    excuses: &[Clause<'_>],
    open: &'static [&'static str],
) -> (Finding, u32) {
    let work = Work(Cell::new(SEARCH_WORK_MAX));
    let finding = search(accepts, request, &Problem::read(needed, excuses, open), &work, AtUnclear::GoOn);
    (finding, SEARCH_WORK_MAX - work.0.get())
}
