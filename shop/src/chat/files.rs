//! Files in conversations: pictures and PDF by what they are and not by what they are called, kept by the hash of their
//! content in the data folder or in an object store.

use super::{Who, blocks, log::belonging};
use crate::{Failure, Fault, Outcome, Settings, Shop, jobs, new_id, transaction};
use domain::{
    chat::{Attachment, ChatRefusal, MOST_ATTACHMENTS, MOST_BYTES},
    ids::{AttachmentId, ConversationId},
};
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, aws::AmazonS3Builder, local::LocalFileSystem, path::Path};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tokio::sync::OnceCell;

/// What is taken. Nothing here can run anything when it is opened in a browser by itself.
const TYPES: [&str; 5] = ["image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"];
/// The longest name that is kept, in characters.
const LONGEST_NAME: usize = 120;

/// How long a file may wait to be sent.
const UNSENT: Duration = Duration::days(1);

/// One client a process: its settings are read once, at start.
static BUCKET: OnceCell<Arc<dyn ObjectStore>> = OnceCell::const_new();

/// A file as it was stored.
pub struct File {
    pub attachment: Attachment,
    pub bytes: Vec<u8>,
}

/// Where files go besides the data folder: `s3://bucket`, with the keys that the AWS tools read.
///
/// # Errors
/// Why nothing could ever be stored there.
pub fn check_storage(url: &str) -> Result<(), String> {
    bucket(url).map(drop).map_err(|error| error.to_string())
}

fn bucket(url: &str) -> object_store::Result<Arc<dyn ObjectStore>> {
    Ok(Arc::new(AmazonS3Builder::from_env().with_url(url).build()?))
}

async fn store(settings: &Settings) -> Result<Arc<dyn ObjectStore>, Fault> {
    if let Some(url) = &settings.files_url {
        let bucket = BUCKET.get_or_try_init(async || bucket(url)).await.map_err(Fault::new)?;
        return Ok(Arc::clone(bucket));
    }
    let folder = settings.data_folder.join("files");
    tokio::fs::create_dir_all(&folder).await.map_err(Fault::new)?;
    Ok(Arc::new(LocalFileSystem::new_with_prefix(folder).map_err(Fault::new)?))
}

/// Stores a file that a message of this conversation may name.
///
/// # Errors
/// Too large, another type than it may be, too many, or not theirs.
pub async fn attach(
    shop: &Shop,
    who: Who,
    conversation: ConversationId,
    name: &str,
    bytes: Vec<u8>,
    now: OffsetDateTime,
) -> Outcome<Attachment, ChatRefusal> {
    belonging(shop, who, conversation).await?;
    blocks::may_write(&mut *shop.db.acquire().await?, who, "", now).await?;
    if bytes.len() > MOST_BYTES {
        return Err(Failure::Refused(ChatRefusal::TooLarge));
    }
    let media_type = infer::get(&bytes).map(|kind| kind.mime_type()).filter(|kind| TYPES.contains(kind));
    let media_type = media_type.ok_or(Failure::Refused(ChatRefusal::WrongType))?;
    // Who stores files and sends no message is stopped.
    let unsent =
        sqlx::query_scalar!(r#"select count(*) as "unsent!" from attachment where conversation_id = $1 and seq is null"#, conversation.0)
            .fetch_one(&shop.db)
            .await?;
    if usize::try_from(unsent).unwrap_or(usize::MAX) >= 4 * MOST_ATTACHMENTS {
        return Err(Failure::Refused(ChatRefusal::TooManyFiles));
    }
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let place = claim(shop, &sha256, now).await?;
    store(&shop.settings).await?.put(&Path::from(place), PutPayload::from(bytes)).await.map_err(Fault::new)?;
    let attachment = Attachment { id: AttachmentId(new_id(now)), name: file_name(name), media_type: media_type.to_owned(), size };
    sqlx::query!(
        "insert into attachment (id, conversation_id, name, media_type, size, sha256, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
        attachment.id.0,
        conversation.0,
        attachment.name,
        attachment.media_type,
        i32::try_from(size).unwrap_or(i32::MAX),
        sha256,
        now
    )
    .execute(&shop.db)
    .await?;
    Ok(attachment)
}

/// Where this content lies, or will. From now on the sweep leaves it alone for as long as an upload may take.
async fn claim(shop: &Shop, sha256: &str, now: OffsetDateTime) -> Result<String, Fault> {
    let place = sqlx::query_scalar!(
        "insert into stored_file (sha256, place, touched_at) values ($1, $2, $3)
         on conflict (sha256) do update set touched_at = greatest(stored_file.touched_at, excluded.touched_at) returning place",
        sha256,
        format!("chat/{sha256}-{}", new_id(now).simple()),
        now
    )
    .fetch_one(&shop.db)
    .await?;
    Ok(place)
}

/// Takes away what was uploaded and not sent within a day, and what no message has any more; says how many files. The
/// row goes first, in one transaction with the job that takes the file itself away.
///
/// # Errors
/// A fault only.
pub async fn sweep_files(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let before = now - UNSENT;
    let mut db = transaction::begin(&shop.db).await?;
    sqlx::query!("delete from attachment where seq is null and created_at < $1", before).execute(&mut *db).await?;
    let places = sqlx::query_scalar!(
        "delete from stored_file f where touched_at < $1 and not exists (select from attachment a where a.sha256 = f.sha256) returning place",
        before
    )
    .fetch_all(&mut *db)
    .await?;
    for place in &places {
        jobs::enqueue(&mut db, "file.remove", &format!("file.remove:{place}"), json!({ "place": place }), now).await?;
    }
    db.commit().await?;
    Ok(places.len())
}

/// Takes a file away whose row is gone.
pub(crate) async fn remove_file(shop: &Shop, place: &str) -> Result<(), Fault> {
    match store(&shop.settings).await?.delete(&Path::from(place)).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(Fault::new(error)),
    }
}

/// A file, for who belongs to its conversation. Those of notes are for staff.
///
/// # Errors
/// No such file, or not theirs: never said which.
pub async fn file(shop: &Shop, who: Who, id: AttachmentId) -> Outcome<File, ChatRefusal> {
    let row = sqlx::query!(
        r#"select a.conversation_id, a.name, a.media_type, a.size, f.place, coalesce(e.kind = 'note', false) as "among_staff!"
           from attachment a join stored_file f using (sha256) left join conversation_entry e on e.conversation_id = a.conversation_id and e.seq = a.seq where a.id = $1"#,
        id.0
    )
    .fetch_optional(&shop.db)
    .await?
    .ok_or(Failure::Refused(ChatRefusal::NoSuchFile))?;
    let hidden = row.among_staff && matches!(who, Who::Shopper { .. });
    match belonging(shop, who, ConversationId(row.conversation_id)).await {
        Ok(_) if !hidden => {}
        Ok(_) | Err(Failure::Refused(_)) => return Err(Failure::Refused(ChatRefusal::NoSuchFile)),
        Err(fault) => return Err(fault),
    }
    let found = store(&shop.settings).await?.get(&Path::from(row.place)).await.map_err(Fault::new)?;
    let bytes = found.bytes().await.map_err(Fault::new)?;
    let attachment = Attachment { id, name: row.name, media_type: row.media_type, size: row.size.unsigned_abs() };
    Ok(File { attachment, bytes: bytes.into() })
}

/// The last part of what it was called, as a person reads it.
pub(super) fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control() && *c != '"').take(LONGEST_NAME).collect();
    let name = name.trim().trim_start_matches('.').to_owned();
    if name.is_empty() { "file".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_leads_nowhere() {
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("C:\\fotos\\plato roto.jpg"), "plato roto.jpg");
        assert_eq!(file_name("a\"\r\nX: y.png"), "aX: y.png");
        assert_eq!(file_name(".."), "file");
        assert_eq!(file_name(&"é".repeat(500)).chars().count(), LONGEST_NAME);
    }

    #[test]
    fn a_bucket_is_named_by_its_address() {
        assert!(check_storage("s3://pictures").is_ok());
        assert!(check_storage("gopher://pictures").is_err());
    }
}
