//! A document that is no policy, and what its author is told.

use policy_model::Policy;
use policy_model::policy::Problem;

/// A document is refused: where, with which words, and as which problem.
pub(crate) fn check(document: &str, place: &str, words: &str, is_problem: impl Fn(&Problem) -> bool) {
    let error = Policy::parse(document.as_bytes()).map(drop).expect_err(document);
    assert_eq!(error.place(), place, "{document}: {error}");
    assert!(error.to_string().contains(words), "{document}: {error}, without {words:?}");
    assert!(error.to_string().starts_with(place), "{document}: {error}");
    assert!(is_problem(error.problem()), "{document}: {:?}", error.problem());
}

pub(crate) fn policy(members: &str) -> String {
    format!(r#"{{"policyId":"p","tenantId":"t",{members}}}"#)
}
