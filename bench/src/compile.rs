//! From the text of a policy to what can decide, beside the other engines.

use std::error::Error;
use std::hint::black_box;
use std::str::FromStr;

use cedar_policy::PolicySet;
use policy_model::Policy;

use crate::engines::{cedar, policies, rego, tenantgate};
use crate::sample::time_of;
use crate::table::Table;

pub(crate) fn measure(table: &mut Table) -> Result<(), Box<dyn Error>> {
    for count in [100, 1_000, 10_000] {
        let rules = policies::rules(count);
        let (own, rego, cedar) = (tenantgate::document(&rules), rego::data(&rules), cedar::text(&rules));
        // What cannot be read is not measured.
        Policy::parse(own.as_bytes())?;
        rego::load(&rego)?;
        PolicySet::from_str(&cedar)?;

        let own = time_of(|| drop(black_box(Policy::parse(own.as_bytes()))));
        let rego = time_of(|| drop(black_box(rego::load(&rego))));
        let cedar = time_of(|| drop(black_box(PolicySet::from_str(&cedar))));
        table.time(&format!("{count} rules: tenantgate, Policy::parse"), own, own);
        table.time(&format!("{count} rules: regorus, a program and its data"), rego, own);
        table.time(&format!("{count} rules: cedar-policy, PolicySet::from_str"), cedar, own);
    }
    Ok(())
}
