//! Stripe's own libraries for Node and Python, pointed at the sandbox. `script/setup --test` installs both: the one
//! at the workspace's root, the other in a virtual environment under `target` (PYTHON names another Python). Without
//! them these tests say that they were skipped, and fail if SANDBOX_OFFICIAL=required.

#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

mod common;

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use common::{Bench, KEY, SECRET};
use sqlx::PgPool;
use tokio::process::Command;

/// Whether this program finds the library; says so past the test harness when it does not.
async fn finds(program: &str, probe: &[&str]) -> bool {
    let found = Command::new(program)
        .args(probe)
        .current_dir(folder())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .await
        .is_ok_and(|status| status.success());
    if !found {
        let sentence = format!("skipped: {program} does not find Stripe's official library");
        let required = std::env::var("SANDBOX_OFFICIAL").is_ok_and(|value| value == "required");
        assert!(!required, "{sentence}");
        let _ = writeln!(std::io::stderr(), "{sentence}");
    }
    found
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/official"))
}

async fn run(bench: &Bench, program: &str, script: &str) {
    bench.paid("4242424242424242").await;
    let webhooks = bench.webhooks_until("checkout.session.completed").await;
    let webhook = webhooks.last().unwrap();
    let output = Command::new(program)
        .arg(folder().join(script))
        .env("SANDBOX_ORIGIN", &bench.origin)
        .env("SANDBOX_KEY", KEY)
        .env("WEBHOOK_SECRET", SECRET)
        .env("WEBHOOK_BODY", &webhook.body)
        .env("WEBHOOK_SIGNATURE", &webhook.signature)
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1")
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {said}");
}

#[sqlx::test(migrations = false)]
async fn the_library_for_node(pool: PgPool) {
    if finds("node", &["-e", "require('stripe')"]).await {
        run(&Bench::open(pool).await, "node", "check.cjs").await;
    }
}

#[sqlx::test(migrations = false)]
async fn the_library_for_python(pool: PgPool) {
    let of_setup = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/setup/python/bin/python");
    let python = std::env::var("PYTHON").unwrap_or_else(|_| of_setup.to_string_lossy().into_owned());
    if finds(&python, &["-c", "import stripe"]).await {
        run(&Bench::open(pool).await, &python, "check.py").await;
    }
}
