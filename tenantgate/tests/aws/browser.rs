//! A Chromium without a window, spoken to over pipes (DevTools protocol).

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A page in a browser of its own.
pub(crate) struct Browser {
    process: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    session: Option<String>,
    sent: u64,
    /// What the page did: all that was told without being asked.
    pub(crate) events: Vec<Value>,
    _profile: TempDir,
}

impl Browser {
    /// Starts one; `None`, after a line that says so, where there is none.
    pub(crate) fn start() -> Option<Browser> {
        let has =
            |name: &&&str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
        let Some(name) = NAMES.iter().find(has) else {
            println!("SKIPPED: no Chromium; `make chromium` installs it where it can");
            return None;
        };
        let profile = TempDir::new().unwrap();
        // The protocol is spoken on the descriptors 3 and 4.
        let command = format!(
            "exec {name} --remote-debugging-pipe --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
             --disable-component-update --disable-sync --disable-dev-shm-usage --disable-extensions --no-default-browser-check --hide-scrollbars \
             --user-data-dir={} 3<&0 4>&1 </dev/null >/dev/null 2>&1",
            profile.path().display()
        );
        let mut process = Command::new("sh")
            .args(["-c", &command])
            .env("HOME", profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let (mut output, mut message) = (BufReader::new(output), Vec::new());
            while output.read_until(0, &mut message).is_ok_and(|count| count > 0) {
                let parsed = serde_json::from_slice(message.strip_suffix(&[0]).unwrap_or(&message));
                message.clear();
                let Ok(parsed) = parsed else { return };
                if sender.send(parsed).is_err() {
                    return;
                }
            }
        });
        let mut browser =
            Browser { process, input, messages, session: None, sent: 0, events: Vec::new(), _profile: profile };
        let target = browser.ask("Target.createTarget", json!({"url": "about:blank"}))["targetId"].clone();
        let session = browser.ask("Target.attachToTarget", json!({"targetId": target, "flatten": true}));
        browser.session = Some(session["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Page", "Runtime", "Log", "Network", "DOM"] {
            browser.ask(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Opens a file and waits until it is there.
    pub(crate) fn open(&mut self, file: &Path) {
        self.ask("Page.navigate", json!({"url": format!("file://{}", file.display())}));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.receive();
            self.events.push(event);
        }
    }

    /// What an expression in the page gives.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let parameters = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.ask("Runtime.evaluate", parameters);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer:#}");
        answer["result"]["value"].clone()
    }

    /// Points at the middle of the first element that a selector finds.
    pub(crate) fn point_at(&mut self, selector: &str) {
        let place = format!(
            "(() => {{ const box = document.querySelector({}).getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }})()",
            json!(selector)
        );
        let place = self.evaluate(&place);
        self.ask("Input.dispatchMouseEvent", json!({"type": "mouseMoved", "x": place[0], "y": place[1]}));
    }

    /// Presses a key.
    pub(crate) fn press(&mut self, key: &str, code: u32) {
        for kind in ["keyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code});
            self.ask("Input.dispatchKeyEvent", event);
        }
    }

    /// As on paper, or in the dark.
    pub(crate) fn emulate(&mut self, media: &str, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.ask("Emulation.setEmulatedMedia", json!({"media": media, "features": features}));
    }

    pub(crate) fn resize(&mut self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.ask("Emulation.setDeviceMetricsOverride", size);
    }

    /// A picture, and a print as PDF, for whoever wants to look: in the folder that `TENANTGATE_SCREENSHOTS` names.
    pub(crate) fn picture(&mut self, name: &str) {
        let Some(folder) = std::env::var_os("TENANTGATE_SCREENSHOTS") else { return };
        let (method, parameters) = if name.ends_with(".pdf") {
            ("Page.printToPDF", json!({"preferCSSPageSize": true, "printBackground": false}))
        } else {
            ("Page.captureScreenshot", json!({"format": "png"}))
        };
        let data = self.ask(method, parameters)["data"].as_str().unwrap().to_owned();
        std::fs::write(Path::new(&folder).join(name), BASE64_STANDARD.decode(data).unwrap()).unwrap();
    }

    /// What went wrong in the page, and what it asked the network for.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        self.ask("Runtime.evaluate", json!({"expression": "0"}));
        let told = |event: &Value| match event["method"].as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" | "Log.entryAdded" => Some(event["params"].to_string()),
            "Runtime.consoleAPICalled" => Some(event["params"]["args"].to_string()),
            "Network.requestWillBeSent" => {
                let url = event["params"]["request"]["url"].as_str().unwrap_or_default().to_owned();
                (!url.starts_with("file:") && !url.starts_with("data:")).then_some(url)
            }
            "Page.javascriptDialogOpening" => Some("a dialog".to_owned()),
            _ => None,
        };
        self.events.iter().filter_map(told).collect()
    }

    fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.sent += 1;
        let mut message = json!({"id": self.sent, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.input.write_all(&bytes).unwrap();
        loop {
            let message = self.receive();
            if message["id"] == self.sent {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    fn receive(&self) -> Value {
        self.messages.recv_timeout(PATIENCE).expect("Chromium answers")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Closing is asked for; what is left is ended.
        drop(self.input.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0"));
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

const PATIENCE: Duration = Duration::from_secs(60);
