//! The `tenantgate-session` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    tenant_session::cli::run()
}
