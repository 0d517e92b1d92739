//! The published schema says what the types say.
use std::fs;
use std::path::Path;

use policy_model::policy;

#[test]
fn the_published_schema_is_the_one_that_the_types_give() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/policy.schema.json");
    let published = fs::read_to_string(path).unwrap_or_default();
    assert!(
        published == policy::schema(),
        "schema/policy.schema.json is not what the types give; run `tenantgate policy schema > schema/policy.schema.json`"
    );
}
