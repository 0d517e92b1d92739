//! What a built package is: its hash, and the processor that its program is for.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_STANDARD, Engine};
use zip::ZipArchive;

use crate::failure::Failure;

/// A package for Lambda.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Package {
    /// In base64, as Lambda tells it.
    pub(crate) sha256: String,
    /// As Lambda names it.
    pub(crate) architecture: &'static str,
}

impl Package {
    /// Reads a package, which must be one that Lambda can run.
    pub(crate) fn read(file: &Path) -> Result<Package, Failure> {
        let shown = file.display();
        let length = fs::metadata(file).map_err(|error| Failure::input(format!("cannot read {shown}: {error}")))?.len();
        if length > BYTES_MAX {
            return Err(Failure::input(format!("{shown} has {length} bytes; Lambda takes at most {BYTES_MAX}")));
        }
        let bytes = fs::read(file).map_err(|error| Failure::input(format!("cannot read {shown}: {error}")))?;
        Package::of(&bytes).map_err(|error| Failure::input(format!("{shown} {error}")))
    }

    fn of(bytes: &[u8]) -> Result<Package, String> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("is no zip: {error}"))?;
        let program = archive.by_name(PROGRAM);
        let mut program = program.map_err(|error| format!("has no readable {PROGRAM} at its top: {error}"))?;
        if program.unix_mode().is_none_or(|mode| mode & EXECUTABLE != EXECUTABLE) {
            return Err(format!("has a {PROGRAM} that not everybody may execute; set its mode to 0755"));
        }
        let mut head = [0; HEAD_BYTES];
        program.read_exact(&mut head).map_err(|error| format!("has a {PROGRAM} that is no program: {error}"))?;
        let architecture = architecture(&head)
            .ok_or_else(|| format!("has a {PROGRAM} that is no program for Linux on arm64 or x86_64"))?;
        Ok(Package { sha256: BASE64_STANDARD.encode(digest(&SHA256, bytes)), architecture })
    }
}

/// Of a 64-bit little-endian ELF file, the processor as Lambda names it.
fn architecture(head: &[u8; HEAD_BYTES]) -> Option<&'static str> {
    let [0x7f, b'E', b'L', b'F', CLASS_64, LITTLE_ENDIAN, .., low, high] = head else { return None };
    match u16::from_le_bytes([*low, *high]) {
        MACHINE_AARCH64 => Some("arm64"),
        MACHINE_X86_64 => Some("x86_64"),
        _ => None,
    }
}

/// What Lambda starts.
const PROGRAM: &str = "bootstrap";

/// For owner, group and others: Lambda runs it as somebody else.
const EXECUTABLE: u32 = 0o111;

/// Up to and with the ELF header's machine.
const HEAD_BYTES: usize = 20;

const CLASS_64: u8 = 2;

const LITTLE_ENDIAN: u8 = 1;

const MACHINE_X86_64: u16 = 62;

const MACHINE_AARCH64: u16 = 183;

/// Lambda's limit for a function's code.
const BYTES_MAX: u64 = 250 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::Package;

    #[test]
    fn a_package_tells_its_hash_and_processor() {
        for (machine, architecture) in [(183, "arm64"), (62, "x86_64")] {
            for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
                let zip = zip("bootstrap", &program(machine), 0o755, method);
                let package = Package::of(&zip).unwrap();
                assert_eq!((package.architecture, package.sha256.len()), (architecture, 44));
                // Any other byte of the file is another hash.
                let mut longer = zip.clone();
                longer.splice(0..0, *b"#!");
                assert!(Package::of(&longer).is_ok_and(|other| other.sha256 != package.sha256));
            }
        }
    }

    #[test]
    fn what_lambda_cannot_run_is_refused() {
        let good = program(183);
        let (mut big_endian, mut class_32) = (good.clone(), good.clone());
        big_endian[5] = 2;
        class_32[4] = 1;
        for (zip, words) in [
            (b"".to_vec(), "is no zip"),
            (b"PK\x03\x04 broken".to_vec(), "is no zip"),
            (stored("other", &good, 0o755), "no readable bootstrap"),
            (stored("bin/bootstrap", &good, 0o755), "no readable bootstrap"),
            (stored("bootstrap", &good, 0o644), "execute"),
            (stored("bootstrap", &good, 0o700), "execute"),
            (stored("bootstrap", b"#!/bin/sh\n", 0o755), "is no program"),
            (stored("bootstrap", b"#!/bin/sh\nexec ./somewhere-else\n", 0o755), "no program for Linux"),
            (stored("bootstrap", &program(40), 0o755), "no program for Linux"),
            (stored("bootstrap", &big_endian, 0o755), "no program for Linux"),
            (stored("bootstrap", &class_32, 0o755), "no program for Linux"),
        ] {
            let error = Package::of(&zip).unwrap_err();
            assert!(error.contains(words), "{words}: {error}");
        }
    }

    fn stored(name: &str, content: &[u8], mode: u32) -> Vec<u8> {
        zip(name, content, mode, CompressionMethod::Stored)
    }

    fn zip(name: &str, content: &[u8], mode: u32, method: CompressionMethod) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(method).unix_permissions(mode);
        zip.start_file(name, options).unwrap();
        zip.write_all(content).unwrap();
        zip.finish().unwrap().into_inner()
    }

    fn program(machine: u16) -> Vec<u8> {
        let mut head = vec![0; 64];
        head[..6].copy_from_slice(&[0x7f, b'E', b'L', b'F', 2, 1]);
        head[18..20].copy_from_slice(&machine.to_le_bytes());
        head
    }
}
