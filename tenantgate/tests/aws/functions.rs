//! Packages for Lambda, and what Lambda says of them.

use std::io::{Cursor, Write};

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub(crate) const ARM64: u16 = 183;

pub(crate) const X86_64: u16 = 62;

/// A package whose program is for a machine of ELF; the text makes it another one.
pub(crate) fn package(machine: u16, text: &str) -> Vec<u8> {
    let mut program = vec![0; 64];
    program[..6].copy_from_slice(&[0x7f, b'E', b'L', b'F', 2, 1]);
    program[18..20].copy_from_slice(&machine.to_le_bytes());
    program.extend(text.as_bytes());
    packed("bootstrap", &program, 0o755)
}

pub(crate) fn packed(name: &str, content: &[u8], mode: u32) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(name, SimpleFileOptions::default().unix_permissions(mode)).unwrap();
    zip.write_all(content).unwrap();
    zip.finish().unwrap().into_inner()
}

/// As GetFunctionConfiguration describes a function that is right.
pub(crate) fn configuration(name: &str, package: &[u8]) -> Value {
    json!({
        "FunctionName": name,
        "FunctionArn": format!("arn:aws:lambda:eu-west-1:123456789012:function:{name}:live"),
        "Runtime": "provided.al2023", "Handler": "bootstrap", "CodeSize": package.len(),
        "CodeSha256": BASE64_STANDARD.encode(digest(&SHA256, package)),
        "Version": "3", "State": "Active", "LastUpdateStatus": "Successful", "PackageType": "Zip",
        "Architectures": ["arm64"], "Environment": {"Variables": {"PASSWORD": "canary-of-a-setting"}},
    })
}
