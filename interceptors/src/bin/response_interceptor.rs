//! The Lambda at the RESPONSE interception point.

fn main() -> Result<(), lambda_runtime::Error> {
    interceptors::lambda::run(interceptors::event::Point::Response)
}
