//! The program itself, started as a merchant starts it, and asked to stop as a machine does.

use super::{Browser, Folder, SECRET, SOON, shopping::Ware};
use sqlx::{ConnectOptions, postgres::PgConnectOptions};
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::{Duration, Instant},
};

pub struct Program {
    child: Child,
    pub origin: String,
    environment: Vec<(String, String)>,
    folder: Folder,
}

impl Program {
    /// Starts it and waits until it is ready.
    pub async fn start(database: &PgConnectOptions, settings: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        // Free a moment ago: the program has to know its port before it starts, to be told of payments.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let own = [
            ("LISTEN", address.to_string()),
            ("DATABASE_URL", database.to_url_lossy().to_string()),
            ("DATA_FOLDER", folder.data().display().to_string()),
            ("SITE_FOLDER", folder.site().display().to_string()),
            ("SECRET", SECRET.to_owned()),
            ("DATABASE_CONNECTIONS", "6".to_owned()),
        ];
        let given = settings.iter().map(|&(name, value)| (name.to_owned(), value.to_owned()));
        let environment: Vec<_> = own.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(given).collect();
        let child = command(&environment, &[]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let program = Self { child, origin: format!("http://{address}"), environment, folder };
        program.is_ready().await;
        program
    }

    async fn is_ready(&self) {
        let (begun, client) = (Instant::now(), reqwest::Client::builder().no_proxy().build().unwrap());
        while client.get(format!("{}/ready", self.origin)).send().await.is_err() {
            assert!(begun.elapsed() < SOON, "the program does not answer");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    pub fn browser(&self, language: &'static str) -> Browser {
        Browser::new(&self.origin, language)
    }

    /// Another command of the program, beside the one that serves.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(("LOG_FORMAT", "text"), arguments)
    }

    /// The same with one setting that is different.
    pub fn run_with(&self, (name, value): (&str, &str), arguments: &[&str]) -> Output {
        command(&self.environment, arguments).env(name, value).output().unwrap()
    }

    /// A command that reads this from its standard input.
    pub fn run_reading(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = command(&self.environment, arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Another server over the same data, told this much more and open by now.
    pub fn open_beside(&self, arguments: &[&str]) -> Running {
        let mut command = command(&self.environment, arguments);
        let child = command.env("LISTEN", "127.0.0.1:0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut running = Running(child);
        let said = BufReader::new(running.0.stdout.take().unwrap()).lines().map(Result::unwrap).find(|line| line.contains("is open"));
        assert!(said.is_some(), "it stopped before it was open");
        running
    }

    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    pub fn import(&self, ware: &Ware) {
        let file = self.folder.data().join("catalogue.csv");
        std::fs::write(&file, ware.catalogue()).unwrap();
        let output = self.run(&["catalog", "import", &file.display().to_string()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    pub fn ask_to_stop(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    pub fn has_stopped(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// How it ended, once it has.
    pub async fn stopped_within(&mut self, time: Duration) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < time, "the program still runs after {time:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A process that ends with the test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program with these settings and none of those that the tests themselves were given.
pub fn command(environment: &[(String, String)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
    command.env_clear().envs(environment.iter().map(|(name, value)| (name, value))).args(arguments);
    command
}
