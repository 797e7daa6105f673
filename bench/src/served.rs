//! Servers under measure: the shipped one on a data folder of the bench's own, started and stopped as an operator does.

use anyhow::{Context, Result, bail, ensure};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::{sleep, timeout},
};

pub const SHIPPED: &str = "target/release/server";
const FOLDER: &str = "target/bench";
const PORT: u16 = 3960;
/// Goods that no bench sells out.
const GOODS: usize = 20;

/// A running server.
pub struct Served {
    child: Child,
    pub port: u16,
    /// From the start of the program to the first answer of `/ready`.
    pub ready_after: Duration,
}

impl Served {
    /// The shipped server with shipped settings, over the demonstration shop.
    pub async fn shipped() -> Result<Self> {
        Self::start(Path::new(SHIPPED), &["--demo"], &[]).await
    }

    /// The same without the limits on requests: all of the bench's come from one address.
    pub async fn unlimited() -> Result<Self> {
        Self::start(Path::new(SHIPPED), &["--demo"], &[("RATE_LIMITS", "off")]).await
    }

    /// A second shipped server beside the first, on the next port.
    pub async fn another(settings: &[(&str, &str)]) -> Result<Self> {
        Self::launch(Path::new(SHIPPED), &[], settings, PORT + 1, "large").await
    }

    pub async fn start(program: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Result<Self> {
        Self::launch(program, arguments, settings, PORT, "data").await
    }

    async fn launch(program: &Path, arguments: &[&str], settings: &[(&str, &str)], port: u16, data: &str) -> Result<Self> {
        ensure!(program.exists(), "{} is missing: script/bench builds it", program.display());
        let log = fs::File::create(folder()?.join(format!("{data}.log")))?;
        let began = Instant::now();
        let child = command(program)
            .args(arguments)
            .env("LISTEN", format!("127.0.0.1:{port}"))
            .env("DATA_FOLDER", folder()?.join(data))
            .envs(settings.iter().copied())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let mut served = Self { child, port, ready_after: Duration::ZERO };
        timeout(Duration::from_secs(300), served.wait_until_ready())
            .await
            .context("the server does not get ready; see target/bench/*.log")??;
        served.ready_after = began.elapsed();
        Ok(served)
    }

    async fn wait_until_ready(&mut self) -> Result<()> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server stopped with {status}; see target/bench/*.log");
            }
            if TcpStream::connect(("127.0.0.1", self.port)).await.is_ok()
                && let Ok(mut client) = crate::client::Client::connect(self.port).await
                && client.get("/ready").await.is_ok_and(|answer| answer.status == 200)
            {
                return Ok(());
            }
            sleep(Duration::from_millis(5)).await;
        }
    }

    pub fn id(&self) -> Result<u32> {
        self.child.id().context("the server has ended")
    }

    /// Memory that the server's process holds, in MB; its Postgres is another process.
    pub fn resident(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id()?))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
    }

    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// As an operator stops it.
    pub async fn stop(mut self) -> Result<()> {
        let id = self.id()?;
        Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
        timeout(Duration::from_secs(60), self.child.wait()).await.context("the server does not stop")??;
        Ok(())
    }
}

/// The demonstration shop, and goods in any number. Made once; later runs find it.
pub async fn prepare() -> Result<()> {
    let done = folder()?.join("prepared");
    if done.exists() {
        return Ok(());
    }
    println!("Loading the demonstration shop, once");
    let shop = Served::shipped().await?;
    let file = folder()?.join("goods.csv");
    fs::write(&file, goods()?)?;
    let imported = command(Path::new(SHIPPED)).args(["catalog", "import"]).arg(&file).output().await?;
    ensure!(imported.status.success(), "the bench's goods were not imported: {}", String::from_utf8_lossy(&imported.stderr));
    shop.stop().await?;
    fs::write(done, "")?;
    Ok(())
}

/// Slugs of the goods that no bench sells out.
pub fn slugs() -> impl Iterator<Item = String> {
    (1..=GOODS).map(|number| format!("bench-{number}"))
}

/// Where Postgres' socket is while a server runs over the bench's data folder.
pub async fn socket() -> Result<PathBuf> {
    let postgres = server::embedded_postgres::Embedded::join(&data()?, None).await?;
    let options = postgres.options();
    options.get_socket().cloned().context("the embedded Postgres has no socket")
}

/// The bench's own things: data, logs, intermediate files.
pub fn folder() -> Result<PathBuf> {
    fs::create_dir_all(FOLDER)?;
    Ok(fs::canonicalize(FOLDER)?)
}

pub fn data() -> Result<PathBuf> {
    Ok(folder()?.join("data"))
}

/// With none of this shell's settings: the shipped ones.
fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars() {
        if !matches!(name.as_str(), "PATH" | "HOME" | "USER" | "LANG" | "TMPDIR") {
            command.env_remove(name);
        }
    }
    command.env("DATA_FOLDER", format!("{FOLDER}/data")).env("RUST_LOG", "warn");
    command
}

fn goods() -> Result<String> {
    let mut csv = String::from(
        "Handle,Title,Published,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Status\n",
    );
    for (number, slug) in slugs().enumerate() {
        writeln!(csv, "{slug},Bench {number},true,BENCH-{number},shopify,10000000,deny,{}.50,active", 10 + number)?;
    }
    Ok(csv)
}
