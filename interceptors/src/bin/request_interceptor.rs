//! The Lambda at the REQUEST interception point.

fn main() -> Result<(), lambda_runtime::Error> {
    interceptors::lambda::run(interceptors::event::Point::Request)
}
