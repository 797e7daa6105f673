//! Where a cluster lives and as whom it runs. Postgres refuses to be root, so root lends it the
//! user `postgres` (or `nobody`), who must be able to reach the folder; and a socket's path is
//! limited to 107 bytes. Both are settled here, once, whatever the folder's path looks like.

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File, Permissions},
    io::{ErrorKind, Read, Seek, SeekFrom},
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The longest folder that leaves room for "/.s.PGSQL.5432" in a socket's path.
const SOCKET_FOLDER_LIMIT: usize = 107 - "/.s.PGSQL.5432".len();
/// A log larger than this is begun anew at the next start.
const LOG_LIMIT: u64 = 8 << 20;
/// In the asked-for folder: where the cluster is, when it could not be there.
const POINTER: &str = "elsewhere";

/// User and group of the Postgres processes.
type Identity = (u32, u32);

/// The folders of one cluster.
pub struct Place {
    pub home: PathBuf,
    pub data: PathBuf,
    pub socket: PathBuf,
    /// Whom Postgres runs as, when not as ourselves.
    identity: Option<Identity>,
}

impl Place {
    /// Settles on the folders and makes those that are missing.
    pub fn find(folder: &Path, elsewhere: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let folder = folder.canonicalize()?;
        let identity = lent_identity()?;
        let home = home(&folder, elsewhere, identity)?;
        let socket = Some(home.join("run"))
            .filter(|socket| socket.as_os_str().len() <= SOCKET_FOLDER_LIMIT)
            .unwrap_or_else(|| PathBuf::from("/tmp").join(short_name(&home)));
        Ok(Self { data: home.join("data"), home, socket, identity })
    }

    /// The file whose lock stands for the right to manage the cluster.
    pub fn lock(&self) -> PathBuf {
        self.home.join("lock")
    }

    /// Where Postgres writes its log.
    pub fn log(&self) -> PathBuf {
        self.home.join("postgres.log")
    }

    /// The major version that made the data, when there is any.
    pub fn version(&self) -> Option<String> {
        fs::read_to_string(self.data.join("PG_VERSION")).ok().map(|version| version.trim().to_owned())
    }

    /// A program that runs as Postgres' user, out of reach of the terminal's Ctrl-C.
    pub fn command(&self, program: &Path) -> Command {
        command(program, self.identity)
    }

    /// A nameless file for what a program says.
    pub fn scratch(&self) -> Result<File> {
        let path = self.home.join(format!("words-{}", std::process::id()));
        let file = File::options().read(true).write(true).create(true).truncate(true).open(&path)?;
        fs::remove_file(&path)?;
        Ok(file)
    }

    /// Makes a folder that only Postgres' user may enter.
    pub fn make_private(&self, folder: &Path) -> Result<()> {
        make_private(folder, self.identity)
    }

    /// Makes the socket's folder; one that somebody else put into /tmp beforehand is refused.
    pub fn make_socket_folder(&self) -> Result<()> {
        self.make_private(&self.socket)
    }

    /// Takes an empty socket folder out of /tmp again; one in the cluster's own folder stays.
    pub fn tidy_socket_folder(&self) {
        if !self.socket.starts_with(&self.home) {
            // It matters to nobody when it stays.
            let _ = fs::remove_dir(&self.socket);
        }
    }

    /// Refuses data that another user's Postgres made: the server would fail with less clear words.
    pub fn check_owner(&self) -> Result<()> {
        let owner = fs::metadata(&self.data)?.uid();
        let mine = self.identity.map_or_else(own_uid, |(uid, _)| Ok(uid))?;
        ensure!(
            owner == mine,
            "the data in {} belongs to the user with number {owner}, but Postgres would run as number {mine}: start \
             the shop as the user who made it",
            self.data.display()
        );
        Ok(())
    }

    /// The lines of postmaster.pid: process, data folder, start, port, socket folder and more.
    fn pid_file(&self) -> Vec<String> {
        let text = fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// The process of the running postmaster of this very folder. The number in the file alone
    /// proves nothing: after a crash it may be a stranger's.
    pub fn postmaster(&self) -> Option<u32> {
        let pid: u32 = self.pid_file().first()?.trim().parse().ok()?;
        let arguments = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        arguments.split(|byte| *byte == 0).any(|word| word == self.data.as_os_str().as_bytes()).then_some(pid)
    }

    /// The socket folder that the running postmaster uses.
    pub fn running_socket(&self) -> Option<PathBuf> {
        self.pid_file().get(4).map(PathBuf::from)
    }

    /// Removes a postmaster.pid whose number now belongs to another program: Postgres would refuse to start.
    ///
    /// One whose process is gone stays: Postgres judges by it whether children are still alive.
    pub fn forget_foreign_pid(&self) -> Result<()> {
        let Some(pid) = self.pid_file().first().and_then(|line| line.trim().parse::<u32>().ok()) else {
            return Ok(());
        };
        let foreign = fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| !name.starts_with("post"));
        if foreign {
            fs::remove_file(self.data.join("postmaster.pid")).context("cannot remove a stale postmaster.pid")?;
        }
        Ok(())
    }

    /// Begins a log that has grown large anew.
    pub fn trim_log(&self) -> Result<()> {
        let log = self.log();
        match fs::metadata(&log) {
            Ok(metadata) if metadata.len() < LOG_LIMIT => Ok(()),
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error).context("cannot look at Postgres' log"),
            _ => {
                let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
                file.set_permissions(Permissions::from_mode(0o600))?;
                give(&log, self.identity)
            }
        }
    }

    /// The last lines of the log, as a sentence for an error.
    pub fn log_tail(&self) -> String {
        let words = self.read_tail().unwrap_or_default();
        let lines: Vec<&str> = words.lines().collect();
        let last = lines[lines.len().saturating_sub(8)..].join("\n");
        format!("Postgres did not start; its log ({}) ends with:\n{last}", self.log().display())
    }

    /// True when Postgres refused to start because of a killed one's processes, which may be about to vanish.
    pub fn says_still_in_use(&self) -> bool {
        let words = self.read_tail().unwrap_or_default();
        let signs = ["pre-existing shared memory block", "lock file \"postmaster.pid\" already exists"];
        words.lines().rev().take(4).any(|line| signs.iter().any(|sign| line.contains(sign)))
    }

    fn read_tail(&self) -> Result<String> {
        let mut file = File::open(self.log())?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(4096)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The folder itself where Postgres' user can reach it, or else one under `elsewhere`, which a
/// file in the folder then names: the shop's backup and its owner find the data by it.
fn home(folder: &Path, elsewhere: &Path, identity: Option<Identity>) -> Result<PathBuf> {
    let pointer = folder.join(POINTER);
    if let Ok(text) = fs::read_to_string(&pointer) {
        let home = PathBuf::from(text.trim());
        ensure!(
            home.is_dir(),
            "{} says that the data is in {}, but that folder is gone: bring it back, or remove the file to begin anew",
            pointer.display(),
            home.display()
        );
        return Ok(home);
    }
    make_private(folder, identity)?;
    if can_enter(folder, identity)? {
        return Ok(folder.to_owned());
    }
    let home = elsewhere.join(short_name(folder));
    fs::create_dir_all(elsewhere).with_context(|| format!("cannot make the folder {}", elsewhere.display()))?;
    make_private(&home, identity)?;
    let home = home.canonicalize()?;
    if !can_enter(&home, identity)? {
        bail!("Postgres cannot run as root, and the user lent to it can enter neither {folder:?} nor {home:?}");
    }
    fs::write(&pointer, format!("{}\n", home.display()))?;
    Ok(home)
}

/// Tries it rather than reckoning with modes, groups and access lists.
fn can_enter(folder: &Path, identity: Option<Identity>) -> Result<bool> {
    let outcome = command(Path::new("/bin/true"), identity).current_dir(folder).stdin(Stdio::null()).status();
    match outcome {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(false),
        Err(error) => Err(error).context("cannot try whether Postgres' user reaches the data folder"),
    }
}

fn command(program: &Path, identity: Option<Identity>) -> Command {
    let mut command = Command::new(program);
    // A working folder that every user may enter; a language in which the log can be read.
    command.current_dir("/").env("LC_ALL", "C.UTF-8").env_remove("PGDATA").process_group(0);
    if let Some((uid, gid)) = identity {
        command.uid(uid).gid(gid);
    }
    command
}

/// Whom Postgres runs as when we are root; ourselves otherwise.
fn lent_identity() -> Result<Option<Identity>> {
    if own_uid()? != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    let identity = |name: &str| {
        users.lines().find_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            let of_name = fields.first() == Some(&name);
            of_name.then(|| Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))).flatten()
        })
    };
    let lent = identity("postgres").or_else(|| identity("nobody"));
    ensure!(lent.is_some(), "Postgres cannot run as root, and there is neither a user postgres nor nobody: start the shop as another user");
    Ok(lent)
}

fn own_uid() -> Result<u32> {
    Ok(fs::metadata("/proc/self").context("cannot read /proc")?.uid())
}

/// Makes a folder, or takes an existing one if it is ours to take, and closes it to all others.
fn make_private(folder: &Path, identity: Option<Identity>) -> Result<()> {
    let context = || format!("cannot make the folder {}", folder.display());
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error).with_context(context),
        _ => {}
    }
    let found = fs::symlink_metadata(folder).with_context(context)?;
    let (me, lent) = (own_uid()?, identity.map(|(uid, _)| uid));
    ensure!(
        found.is_dir() && (found.uid() == me || Some(found.uid()) == lent),
        "{} is not a folder of the user who starts the shop",
        folder.display()
    );
    fs::set_permissions(folder, Permissions::from_mode(0o700)).with_context(context)?;
    give(folder, identity)
}

fn give(path: &Path, identity: Option<Identity>) -> Result<()> {
    if let Some((uid, gid)) = identity {
        chown(path, Some(uid), Some(gid)).with_context(|| format!("cannot hand {} to Postgres' user", path.display()))?;
    }
    Ok(())
}

/// A short name that stands for a path: the same for the same path, different for another.
fn short_name(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    format!("vitrina-{}", hex::encode(&digest[..8]))
}
