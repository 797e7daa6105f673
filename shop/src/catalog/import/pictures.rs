//! The pictures that a file names, found in the folder of images and made into what the shop serves.

use super::{parse::Parsed, report::Finding};
use crate::{
    Fault, Settings,
    catalog::{
        csv::columns as column,
        media::{self, Derived, MediaError},
    },
};
use futures::future::join_all;
use sha2::Digest;
use std::{
    fs,
    num::NonZero,
    path::{Component, Path, PathBuf},
    sync::Arc,
    thread::available_parallelism,
};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// A product whose pictures are ready.
pub struct Prepared {
    pub parsed: Parsed,
    /// One for each picture of the product; none where it could not be had.
    pub pictures: Vec<Option<Derived>>,
    pub warnings: Vec<Finding>,
    /// Of everything that was given, except for quantities.
    pub digest: Vec<u8>,
}

/// Makes a few pictures at a time, one a processor.
pub struct Studio {
    settings: Arc<Settings>,
    folder: Option<PathBuf>,
    dry_run: bool,
    permits: Semaphore,
}

impl Studio {
    #[must_use]
    pub fn new(settings: Arc<Settings>, folder: Option<PathBuf>, dry_run: bool) -> Self {
        Self { settings, folder, dry_run, permits: Semaphore::new(available_parallelism().map_or(1, NonZero::get)) }
    }

    pub async fn prepare(&self, parsed: Parsed) -> Result<Prepared, Fault> {
        let made = join_all(parsed.product.pictures.iter().map(|picture| self.make(&picture.source))).await;
        let (mut pictures, mut warnings, mut digest) = (Vec::new(), Vec::new(), parsed.digest.clone());
        for (index, made) in made.into_iter().enumerate() {
            let picture = made?.map_err(|reason| {
                let (line, column) = match parsed.picture_lines.get(index) {
                    Some(&line) => (line, column::IMAGE_SRC),
                    None => (parsed.line, column::VARIANT_IMAGE),
                };
                let reason = format!("`{}` {reason}", parsed.product.pictures[index].source);
                warnings.push(Finding { line, column: Some(column.to_owned()), handle: parsed.product.handle.clone(), reason });
            });
            digest.update(picture.as_ref().map_or("", |derived| derived.hash.as_str()));
            pictures.push(picture.ok());
        }
        Ok(Prepared { digest: digest.finalize().to_vec(), pictures, warnings, parsed })
    }

    /// The inner error says what is wrong with the picture, the outer one that no picture can be made.
    pub async fn make(&self, source: &str) -> Result<Result<Derived, String>, Fault> {
        if source.contains("://") || source.starts_with("//") {
            return Ok(Err("was not fetched: pictures are only taken from the folder of images".to_owned()));
        }
        let Some(folder) = &self.folder else { return Ok(Err("was not read: no folder of images was given".to_owned())) };
        let Some(path) = inside(folder, source) else { return Ok(Err("is outside the folder of images".to_owned())) };
        let _permit = self.permits.acquire().await.map_err(Fault::new)?;
        let (settings, dry_run) = (self.settings.clone(), self.dry_run);
        spawn_blocking(move || derive(&settings, &path, dry_run)).await.map_err(Fault::new)?
    }
}

fn derive(settings: &Settings, path: &Path, dry_run: bool) -> Result<Result<Derived, String>, Fault> {
    let original = match fs::read(path) {
        Ok(original) => original,
        Err(error) => return Ok(Err(format!("could not be read: {error}"))),
    };
    let made = if dry_run { media::inspect(&original) } else { media::store(settings, &original) };
    match made {
        Err(MediaError::Folder(error)) => Err(Fault::new(MediaError::Folder(error))),
        made => Ok(made.map_err(|error| error.to_string())),
    }
}

/// The path of `source` in `folder`, unless it leads out of it.
fn inside(folder: &Path, source: &str) -> Option<PathBuf> {
    let source = Path::new(source);
    let stays = source.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    stays.then(|| folder.join(source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_only_taken_from_its_folder() {
        let folder = Path::new("images");
        assert_eq!(inside(folder, "a/b.webp"), Some(PathBuf::from("images/a/b.webp")));
        assert_eq!(inside(folder, "../secret.png"), None);
        assert_eq!(inside(folder, "/etc/secret.png"), None);
    }
}
