#!/usr/bin/env python3
"""Builds both interceptors as zips for AWS Lambda, with a bill of materials each, the same bytes from the same input.

Used by `make package`; `--help` says what else it does.
"""

import argparse
import hashlib
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib

import zopfli.zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGETS = {"arm64": "aarch64-unknown-linux-gnu", "x86_64": "x86_64-unknown-linux-gnu"}
ELF_MACHINES = {"arm64": 183, "x86_64": 62}
FUNCTIONS = ("request-interceptor", "response-interceptor")
# The C library of provided.al2023: https://docs.aws.amazon.com/linux/al2023/release-notes/all-packages.html
GLIBC = "2.34"
ZIP_BYTES_MAX = 5_000_000
CYCLONEDX = "0.5.9"
SOURCES = ("Cargo.toml", "Cargo.lock", ".cargo", "interceptors", "policy-model", "policy-registry", "packaging")


def main():
    arguments = parse()
    out = pathlib.Path(arguments.out).resolve()
    architectures = [name for name in arguments.arch if can_build(name, required=arguments.arch_given)]
    if not architectures:
        sys.exit("package: nothing can be built here: no standard library of " + " or ".join(TARGETS[name] for name in arguments.arch))
    source = source_tree(arguments.allow_dirty)
    packages = build_all(ROOT, out, architectures)
    if arguments.verify:
        verify(out, architectures, packages)
    boms(out, architectures)
    report(out, architectures, source)


def parse():
    parser = argparse.ArgumentParser(prog="package", description=__doc__.splitlines()[0])
    parser.add_argument("--arch", action="append", choices=TARGETS, help="build for this processor and fail if that is not possible [default: all that can be built here]")
    parser.add_argument("--out", default=str(ROOT / "target/package"), metavar="DIR", help="where the zips go [default: target/package]")
    parser.add_argument("--verify", action="store_true", help="build once more from a copy in another folder, and compare: takes twice as long")
    parser.add_argument("--allow-dirty", action="store_true", help="build also when files differ from the last commit")
    arguments = parser.parse_args()
    arguments.arch_given = bool(arguments.arch)
    arguments.arch = sorted(set(arguments.arch or TARGETS))
    return arguments


def can_build(architecture, required):
    """Whether Rust's standard library for it is there; nothing else of it comes from this machine."""
    target = TARGETS[architecture]
    folder = run(["rustc", "--print", "target-libdir", "--target", target], capture=True).strip()
    if any(pathlib.Path(folder).glob("libstd-*.rlib")):
        return True
    message = f"{architecture}: Rust's standard library for {target} is not on this machine; `rustup target add {target}` installs it"
    if required:
        sys.exit(f"package: {message}")
    print(f"SKIPPED: {message}", flush=True)
    return False


def source_tree(allow_dirty):
    """The commit that is built, for the report. Files that are new count where cargo would find them."""
    changed = run(["git", "status", "--porcelain", "--", *SOURCES], capture=True, cwd=ROOT).strip()
    if changed and not allow_dirty:
        sys.exit("package: files differ from the last commit, or are none of it, so nobody could build the same again; commit them, or say --allow-dirty")
    commit = run(["git", "rev-parse", "HEAD"], capture=True, cwd=ROOT).strip()
    return commit + (" with changes" if changed else "")


def build_all(root, out, architectures):
    """The digest of each zip, by its name."""
    digests = {}
    for architecture in architectures:
        build(root, out, architecture)
        for function in FUNCTIONS:
            binary = out / architecture / function
            binary.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(out / "build/lambda" / function / "bootstrap", binary)
            digests[zip_name(function, architecture)] = pack(binary, out / zip_name(function, architecture), architecture)
    return digests


def zip_name(function, architecture):
    return f"{function}-{architecture}.zip"


def build(root, out, architecture):
    cargo_lambda = ROOT / "target/cargo-lambda/bin"
    # No path of this machine gets into the binary: panics and assertions name their files.
    home = os.environ.get("CARGO_HOME", str(pathlib.Path.home() / ".cargo"))
    sysroot = run(["rustc", "--print", "sysroot"], capture=True).strip()
    paths = [(str(root), "/src"), (str(out / "build"), "/build"), (home, "/cargo"), (sysroot, "/rust")]
    environment = {name: value for name, value in os.environ.items() if name not in ("RUSTFLAGS", "CFLAGS", "CARGO_ENCODED_RUSTFLAGS")}
    environment |= {
        "PATH": f"{cargo_lambda}{os.pathsep}{os.environ['PATH']}",
        "CARGO_TARGET_DIR": str(out / "build"),
        "CARGO_INCREMENTAL": "0",
        "SOURCE_DATE_EPOCH": "0",
        "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(f"--remap-path-prefix={old}={new}" for old, new in paths),
        "CFLAGS": " ".join(f"-ffile-prefix-map={old}={new}" for old, new in paths),
    }
    target = f"{TARGETS[architecture]}.{GLIBC}"
    command = ["cargo", "lambda", "build", "--locked", "--profile", "deploy", "--target", target, "--package", "interceptors", "--bins", "--lambda-dir", str(out / "build/lambda")]
    print(f"building for {architecture}: minutes", flush=True)
    run(command, cwd=root, env=environment)


def pack(binary, archive, architecture):
    """Writes the zip: one file, no times, no owners."""
    content = binary.read_bytes()
    if content[:4] != b"\x7fELF" or int.from_bytes(content[18:20], "little") != ELF_MACHINES[architecture]:
        sys.exit(f"package: {binary} is no program for {architecture}")
    archive.write_bytes(zip_of(b"bootstrap", content, 0o100755))
    with zipfile.ZipFile(archive) as zipped:
        if zipped.testzip() is not None or zipped.read("bootstrap") != content:
            sys.exit(f"package: {archive} cannot be read back")
    return hashlib.sha256(archive.read_bytes()).hexdigest()


def zip_of(name, content, mode):
    """A zip of one file. Zopfli's deflate is a thirtieth smaller than zlib's, and does not depend on which zlib Python has; `zipfile` takes no other."""
    deflated = zopfli.zlib.compress(content, numiterations=5)[2:-4]
    midnight_of_1980 = 0x0021_0000
    entry = struct.pack("<HHHIIIIHH", 20, 0, 8, midnight_of_1980, zlib.crc32(content), len(deflated), len(content), len(name), 0)
    local = b"PK\x03\x04" + entry + name
    by_unix = 3 << 8 | 20
    central = b"PK\x01\x02" + struct.pack("<H", by_unix) + entry + struct.pack("<HHHII", 0, 0, 0, mode << 16, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local) + len(deflated), 0)
    return local + deflated + central + end


def verify(out, architectures, packages):
    """Builds from a copy of the last commit in another folder, and compares."""
    with tempfile.TemporaryDirectory(prefix="tenantgate-verify-") as folder:
        copy = pathlib.Path(folder) / "copy"
        run(["git", "clone", "--quiet", str(ROOT), str(copy)])
        again = build_all(copy, copy / "target/package", architectures)
    for name, digest in packages.items():
        if again[name] != digest:
            sys.exit(f"package: {name} is not reproducible: {digest} here, {again[name]} from a copy in another folder")
    print(f"verified: {len(packages)} zips are the same to the byte when built in another folder")


def boms(out, architectures):
    """One CycloneDX document for each zip: what is compiled into it, and nothing of the tests or of other processors."""
    tool = ROOT / "target/cargo-cyclonedx/bin/cargo-cyclonedx"
    if not tool.exists():
        run(["cargo", "install", "--quiet", "--locked", "--root", str(ROOT / "target/cargo-cyclonedx"), "--version", CYCLONEDX, "cargo-cyclonedx"])
    for architecture in architectures:
        with tempfile.TemporaryDirectory(prefix="tenantgate-bom-") as folder:
            # The tool writes beside each Cargo.toml.
            copy = pathlib.Path(folder) / "copy"
            run(["git", "clone", "--quiet", str(ROOT), str(copy)])
            command = [str(tool), "cyclonedx", "--format", "json", "--spec-version", "1.5", "--describe", "binaries", "--target", TARGETS[architecture], "--no-build-deps"]
            run([*command, "--manifest-path", str(copy / "interceptors/Cargo.toml")], env=os.environ | {"SOURCE_DATE_EPOCH": "0"})
            for function in FUNCTIONS:
                bom = json.loads((copy / f"interceptors/{function}_bin.cdx.json").read_text())
                finish(bom, out / zip_name(function, architecture))
                text = json.dumps(bom, indent=2, sort_keys=True).replace(str(copy), "/src")
                (out / f"{function}-{architecture}.cdx.json").write_text(text + "\n")


def finish(bom, archive):
    """Ties the document to the zip, and takes out what changes from run to run."""
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    bom.pop("serialNumber", None)
    bom["metadata"].pop("timestamp", None)
    bom["metadata"]["component"].setdefault("hashes", []).append({"alg": "SHA-256", "content": digest})


def report(out, architectures, source):
    print(f"from commit {source}, with {run(['rustc', '--version'], capture=True).strip()}")
    sums = []
    for architecture in architectures:
        for function in FUNCTIONS:
            archive = out / zip_name(function, architecture)
            content = archive.read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            with zipfile.ZipFile(archive) as zipped:
                unpacked = zipped.getinfo("bootstrap").file_size
            components = len(json.loads((out / f"{function}-{architecture}.cdx.json").read_text())["components"])
            sums.append(f"{digest}  {archive.name}")
            print(f"{archive.name}: {len(content):,} bytes ({unpacked:,} unpacked), {components} components, SHA-256 {digest}")
            if len(content) > ZIP_BYTES_MAX:
                sys.exit(f"package: {archive.name} has more than {ZIP_BYTES_MAX:,} bytes")
    (out / "SHA256SUMS").write_text("\n".join(sorted(sums)) + "\n")


def run(command, capture=False, **options):
    try:
        done = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE if capture else None, **options)
    except FileNotFoundError:
        sys.exit(f"package: there is no program {command[0]}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"package: {' '.join(map(str, command[:3]))} .. ended with {error.returncode}")
    return done.stdout if capture else None


if __name__ == "__main__":
    main()
