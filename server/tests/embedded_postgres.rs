//! The shop's own Postgres through its life: first start, restart, a killed postmaster, a folder
//! in use, data of another version, a folder that Postgres' user cannot reach, a long path.
//! Needs Postgres' programs, as script/setup installs them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests may fail loudly too")]

use server::embedded_postgres::Embedded;
use sqlx::{Connection, PgConnection};
use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

/// Set for the process that plays the killed server: the data folder that it serves.
const VICTIM: &str = "VITRINA_TEST_VICTIM";

/// A data folder of one test, in a parent that every user may enter; gone after the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("vitrina-test-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Where root's Postgres could not reach the folder, its data is elsewhere: take that away too.
        if let Ok(elsewhere) = fs::read_to_string(self.0.join("postgres/elsewhere")) {
            let _ = fs::remove_dir_all(elsewhere.trim());
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

fn postmaster(data_folder: &Path) -> u32 {
    let text = fs::read_to_string(data_folder.join("postgres/data/postmaster.pid")).unwrap();
    text.lines().next().unwrap().parse().unwrap()
}

async fn connect(postgres: &Embedded) -> PgConnection {
    PgConnection::connect_with(&postgres.options()).await.unwrap()
}

async fn say(postgres: &Embedded, sql: &'static str) {
    let mut connection = connect(postgres).await;
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn kept(postgres: &Embedded) -> i32 {
    let mut connection = connect(postgres).await;
    sqlx::query_scalar("select number from kept").fetch_one(&mut connection).await.unwrap()
}

async fn refusal(data_folder: &Path) -> String {
    let error = Embedded::start(data_folder, None).await.err().expect("a refusal");
    format!("{error:#}")
}

#[tokio::test]
async fn data_outlives_a_stop_and_a_start() {
    let folder = Folder::new();
    let postgres = Embedded::start(&folder.0, None).await.unwrap();
    say(&postgres, "create table kept as select 7 as number").await;
    postgres.stop().unwrap();
    assert!(!folder.0.join("postgres/data/postmaster.pid").exists(), "stopped");

    let postgres = Embedded::start(&folder.0, None).await.unwrap();
    assert_eq!(kept(&postgres).await, 7);
    drop(postgres);
    assert!(!folder.0.join("postgres/data/postmaster.pid").exists(), "stopped by the drop");
}

#[tokio::test]
async fn it_listens_on_a_closed_socket_only_and_keeps_commits_on_disk() {
    let folder = Folder::new();
    let postgres = Embedded::start(&folder.0, None).await.unwrap();
    let mut connection = connect(&postgres).await;
    let setting = |name: &'static str| sqlx::query_scalar::<_, String>("select current_setting($1)").bind(name);
    assert_eq!(setting("listen_addresses").fetch_one(&mut connection).await.unwrap(), "");
    assert_eq!(setting("fsync").fetch_one(&mut connection).await.unwrap(), "on");
    assert_eq!(setting("data_checksums").fetch_one(&mut connection).await.unwrap(), "on");
    let socket = setting("unix_socket_directories").fetch_one(&mut connection).await.unwrap();
    let mode = fs::metadata(socket.trim_matches('"')).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[tokio::test]
async fn a_killed_postmaster_is_recovered_from() {
    let folder = Folder::new();
    let postgres = Embedded::start(&folder.0, None).await.unwrap();
    say(&postgres, "create table kept as select 7 as number").await;
    let killed = postmaster(&folder.0);
    assert!(Command::new("kill").args(["-9", &killed.to_string()]).status().unwrap().success());
    drop(postgres);

    let postgres = Embedded::start(&folder.0, None).await.unwrap();
    assert_eq!(kept(&postgres).await, 7);
    assert_ne!(postmaster(&folder.0), killed);
}

/// Not a test by itself: the server that `a_postgres_left_by_a_killed_server_is_taken_over` kills.
#[tokio::test]
async fn victim() {
    let Some(folder) = std::env::var_os(VICTIM) else { return };
    let postgres = Embedded::start(Path::new(&folder), None).await.unwrap();
    say(&postgres, "create table kept as select 7 as number").await;
    fs::write(Path::new(&folder).join("ready"), "").unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
}

#[tokio::test]
async fn a_postgres_left_by_a_killed_server_is_taken_over() {
    let folder = Folder::new();
    let program = std::env::current_exe().unwrap();
    let mut server = Command::new(program).args(["--exact", "victim"]).env(VICTIM, &folder.0).stdout(Stdio::null()).spawn().unwrap();
    let began = Instant::now();
    while !folder.0.join("ready").exists() {
        assert!(began.elapsed() < Duration::from_secs(60), "the other server did not start");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    server.kill().unwrap();
    server.wait().unwrap();
    let left = postmaster(&folder.0);

    let postgres = Embedded::start(&folder.0, None).await.unwrap();
    assert_eq!(postmaster(&folder.0), left);
    assert_eq!(kept(&postgres).await, 7);
}

#[tokio::test]
async fn a_stale_process_number_that_is_now_a_strangers_does_not_matter() {
    let folder = Folder::new();
    Embedded::start(&folder.0, None).await.unwrap().stop().unwrap();
    let mut stranger = Command::new("sleep").arg("60").spawn().unwrap();
    let data = folder.0.join("postgres/data");
    let text = format!("{}\n{}\n1\n5432\n/nowhere\n", stranger.id(), data.display());
    fs::write(data.join("postmaster.pid"), text).unwrap();

    let started = Embedded::start(&folder.0, None).await;
    stranger.kill().unwrap();
    stranger.wait().unwrap();
    started.unwrap().stop().unwrap();
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_refused() {
    let folder = Folder::new();
    let first = Embedded::start(&folder.0, None).await.unwrap();
    let said = refusal(&folder.0).await;
    assert!(said.contains("uses this data folder already"), "{said}");
    assert!(said.contains(&format!("pid {}", std::process::id())), "{said}");
    say(&first, "select 1").await;
}

#[tokio::test]
async fn a_command_beside_the_server_uses_its_postgres_and_leaves_it_running() {
    let folder = Folder::new();
    let server = Embedded::start(&folder.0, None).await.unwrap();
    say(&server, "create table kept as select 7 as number").await;
    let command = Embedded::join(&folder.0, None).await.unwrap();
    assert_eq!(kept(&command).await, 7);
    command.stop().unwrap();
    assert_eq!(kept(&server).await, 7);
    server.stop().unwrap();

    let alone = Embedded::join(&folder.0, None).await.unwrap();
    assert_eq!(kept(&alone).await, 7);
    drop(alone);
    assert!(!folder.0.join("postgres/data/postmaster.pid").exists(), "what it started it stopped");
}

#[tokio::test]
async fn data_of_another_version_is_refused_with_advice() {
    let folder = Folder::new();
    Embedded::start(&folder.0, None).await.unwrap().stop().unwrap();
    fs::write(folder.0.join("postgres/data/PG_VERSION"), "9\n").unwrap();
    let said = refusal(&folder.0).await;
    assert!(said.contains("made by Postgres 9"), "{said}");
    assert!(said.contains("Install Postgres 9"), "{said}");
}

#[tokio::test]
async fn a_folder_without_postgres_programs_is_named() {
    let folder = Folder::new();
    let error = Embedded::start(&folder.0, Some("/nowhere".into())).await.err().unwrap();
    assert!(error.to_string().contains("/nowhere holds no initdb"), "{error}");
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_gets_a_short_socket_folder() {
    let folder = Folder::new();
    let long = folder.0.join("a-name-that-goes-on".repeat(5)).join("and-on".repeat(10));
    let postgres = Embedded::start(&long, None).await.unwrap();
    say(&postgres, "select 1").await;
}

#[tokio::test]
async fn root_lends_postgres_another_user_and_a_place_that_it_reaches() {
    if !is_root() {
        return;
    }
    let folder = Folder::new();
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o700)).unwrap();
    let postgres = Embedded::start(&folder.0, None).await.unwrap();
    say(&postgres, "create table kept as select 7 as number").await;
    let elsewhere = fs::read_to_string(folder.0.join("postgres/elsewhere")).unwrap();
    let data = fs::metadata(Path::new(elsewhere.trim()).join("data")).unwrap();
    assert_ne!(data.uid(), 0);
    postgres.stop().unwrap();

    let postgres = Embedded::start(&folder.0, None).await.unwrap();
    assert_eq!(kept(&postgres).await, 7, "found again by its pointer");
}
