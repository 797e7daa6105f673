//! How much memory a shop's Postgres keeps its pages in.

use sysinfo::{MemoryRefreshKind, System};

/// In MB.
const LEAST: u64 = 128;
const MOST: u64 = 1024;

/// In MB: an eighth of what this machine has, or the container around the shop; taken only as pages are read. Of a large
/// catalogue that does not fit, every page a search visits is copied from the system and its checksum computed anew.
pub(super) fn for_pages() -> u64 {
    let Ok(mut system) = System::new() else { return LEAST };
    system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
    let all = system.cgroup_limits().map_or(system.total_memory(), |limits| limits.total_memory);
    ((all >> 20) / 8).clamp(LEAST, MOST)
}
