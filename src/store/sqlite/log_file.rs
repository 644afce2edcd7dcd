//! The log as `SQLite` writes it: page by page, two system calls each, and a flush within each commit. Here what a commit
//! appends is gathered and written at once, and its flush is left to the store, which does it when the next one has the
//! connection. Everything else is the system's own way with files, locks included.
//!
//! A module with `unsafe`, because `SQLite` takes its files through functions and structures of C; docs/decisions.md has what
//! it gains. What `SQLite` asks of such functions stands in its `sqlite3.h`, at `sqlite3_vfs` and `sqlite3_io_methods`.
#![allow(unsafe_code, reason = "the way in which SQLite takes files; see above")]

use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem;
use std::ptr;
use std::slice;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, Ordering};

use rusqlite::ffi;

/// The name under which a connection asks for it.
pub(super) const NAME: &CStr = c"calc";

/// So many bytes are gathered and handed on at once: the system's own way takes less than 128 KiB.
const MOST: usize = 120 * 1024;
const _: () = assert!(MOST <= 0x1_ffff, "all that a single call may write");

/// The version of the structure that is made here, and must at least be that of the system's.
const VERSION: c_int = 3;

/// The system's own way with files, which stays where it is. All threads may use it at once.
static SYSTEM: OnceLock<Option<AtomicPtr<ffi::sqlite3_vfs>>> = OnceLock::new();

/// Makes [`NAME`] known to `SQLite`. False: it could not, and `SQLite`'s own way has to do, which is slower and as safe.
pub(super) fn register() -> bool {
    SYSTEM.get_or_init(make_known).is_some()
}

fn make_known() -> Option<AtomicPtr<ffi::sqlite3_vfs>> {
    // SAFETY: without a name the default is looked for, which nobody takes out or frees.
    let system = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
    // SAFETY: `SQLite` gives null or the address of a structure that begins with its version.
    if system.is_null() || unsafe { (*system).iVersion } < VERSION {
        return None;
    }
    // SAFETY: since that version the structure has all fields that are read here, and nobody changes these.
    let mut ours = unsafe { copied(system) };
    ours.szOsFile = ours.szOsFile.checked_add(c_int::try_from(size_of::<LogFile>()).ok()?)?;
    ours.xOpen = Some(open);
    let ours = Box::leak(Box::new(ours));
    // SAFETY: what is registered is never freed, nor its name. The functions that were copied do not mind to which of the two
    // structures they belong: of it they use at most `pAppData` and `mxPathname`, which are the same. The one that makes files
    // is replaced.
    let registered = unsafe { ffi::sqlite3_vfs_register(ours, 0) };
    (registered == ffi::SQLITE_OK).then(|| AtomicPtr::new(system))
}

/// A copy under our name. `pNext` is left out: it belongs to `SQLite`, which changes it when somebody registers something.
///
/// # Safety
/// The address is that of a structure of at least this version.
unsafe fn copied(system: *const ffi::sqlite3_vfs) -> ffi::sqlite3_vfs {
    macro_rules! copy {
        ($($field:ident)*) => {
            // SAFETY: the caller says so.
            unsafe { ffi::sqlite3_vfs { iVersion: VERSION, pNext: ptr::null_mut(), zName: NAME.as_ptr(), $($field: (*system).$field),* } }
        };
    }
    copy! {
        szOsFile mxPathname pAppData xOpen xDelete xAccess xFullPathname xDlOpen xDlError xDlSym xDlClose xRandomness xSleep xCurrentTime
        xGetLastError xCurrentTimeInt64 xSetSystemCall xGetSystemCall xNextSystemCall
    }
}

/// Does a commit. Its part of the log is written in one go and not flushed: whoever calls this has to flush it before
/// anybody is told.
pub(super) fn leaving_the_flush<T>(commit: impl FnOnce() -> T) -> T {
    let _scope = FlushScope::begin(true);
    commit()
}

/// Does something within such a commit that must not go without its flushes: putting the log into the file, which is in
/// order only when the log is on the disk before.
pub(super) fn flushing<T>(work: impl FnOnce() -> T) -> T {
    let _scope = FlushScope::begin(false);
    work()
}

/// Whether the thread leaves flushes out, until it is dropped; a panic ends it too.
struct FlushScope {
    before: bool,
}

impl FlushScope {
    fn begin(leaves_flush: bool) -> Self {
        // Where there is nothing to remember it in, because the thread ends, `SQLite` flushes as ever.
        Self { before: gathered(|gathered| mem::replace(&mut gathered.leaves_flush, leaves_flush)).unwrap_or(false) }
    }
}

impl Drop for FlushScope {
    fn drop(&mut self) {
        gathered(|gathered| {
            gathered.leaves_flush = self.before;
            if !self.before {
                gathered.forget();
            }
        });
    }
}

/// The system's file that belongs to a log.
fn system_file(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    file.wrapping_byte_add(size_of::<LogFile>())
}

/// Calls a function of the system's file.
macro_rules! system {
    ($file:expr, $method:ident($($argument:expr),*) else $otherwise:expr) => {{
        let file = system_file($file);
        // SAFETY: rules 1 to 3. What is handed over comes from `SQLite` for the same function, or is a slice with its length.
        match unsafe { (*(*file).pMethods).$method } {
            // SAFETY: as above.
            Some(method) => unsafe { method(file $(, $argument)*) },
            None => $otherwise,
        }
    }};
}
/// What the commit of a thread has written and nobody has handed on yet.
struct GatheredPages {
    /// Whether a commit is under way that gathers.
    leaves_flush: bool,
    /// The log that it writes; null before its first page.
    file: *mut ffi::sqlite3_file,
    bytes: Vec<u8>,
    /// Where in the file they belong.
    start: i64,
    end: i64,
    /// What became of handing on, if it failed.
    failure: c_int,
}

thread_local! {
    static GATHERED: RefCell<GatheredPages> = const {
        RefCell::new(GatheredPages { leaves_flush: false, file: ptr::null_mut(), bytes: Vec::new(), start: 0, end: 0, failure: ffi::SQLITE_OK })
    };
}

/// Works with what the thread has gathered. The system's file does not call back, so nobody else has it; `None` only while
/// the thread ends, when it has gathered nothing.
fn gathered<T>(work: impl FnOnce(&mut GatheredPages) -> T) -> Option<T> {
    GATHERED.try_with(|gathered| gathered.try_borrow_mut().ok().map(|mut gathered| work(&mut gathered))).ok().flatten()
}

impl GatheredPages {
    /// Keeps what is written to a log, if a commit gathers; the answer to `SQLite` then.
    fn keep(&mut self, file: *mut ffi::sqlite3_file, content: &[u8], (offset, end): (i64, i64)) -> Option<c_int> {
        if !self.leaves_flush || !(self.file.is_null() || self.file == file) {
            return None;
        }
        if self.failure != ffi::SQLITE_OK {
            return Some(self.failure);
        }
        if offset != self.end || self.bytes.len() + content.len() > MOST {
            let result = self.hand_on();
            if result != ffi::SQLITE_OK {
                return Some(result);
            }
            self.start = offset;
        }
        self.file = file;
        self.bytes.extend_from_slice(content);
        self.end = end;
        Some(ffi::SQLITE_OK)
    }

    /// Writes what was gathered.
    fn hand_on(&mut self) -> c_int {
        if self.bytes.is_empty() {
            return ffi::SQLITE_OK;
        }
        let mut offset = self.start;
        let mut result = ffi::SQLITE_OK;
        for part in self.bytes.chunks(MOST) {
            let length = c_int::try_from(part.len()).unwrap_or(c_int::MAX);
            // There are bytes, so there is a file; it is open as long as the commit is under way.
            result = system!(self.file, xWrite(part.as_ptr().cast(), length, offset) else ffi::SQLITE_IOERR_WRITE);
            if result != ffi::SQLITE_OK {
                break;
            }
            offset += i64::from(length);
        }
        // What could not be written is taken back by `SQLite`, which has not told anybody where to find it.
        self.bytes.clear();
        self.start = self.end;
        self.failure = result;
        result
    }

    /// Ends the gathering where `SQLite` flushes what a commit has appended; whether it had appended anything. What comes
    /// behind that (the rest of a sector, on disks that write no less) is written as it comes.
    fn end_commit(&mut self, file: *mut ffi::sqlite3_file) -> Result<bool, c_int> {
        if !self.leaves_flush || self.file != file {
            return Ok(false);
        }
        self.leaves_flush = false;
        if self.failure == ffi::SQLITE_OK { Ok(true) } else { Err(self.failure) }
    }

    fn forget(&mut self) {
        self.file = ptr::null_mut();
        self.bytes.clear();
        (self.start, self.end) = (0, 0);
        self.failure = ffi::SQLITE_OK;
    }
}

/// Writes what the thread has gathered for a file.
fn hand_on(file: *mut ffi::sqlite3_file) -> c_int {
    gathered(|gathered| if gathered.file == file { gathered.hand_on() } else { ffi::SQLITE_OK }).unwrap_or(ffi::SQLITE_OK)
}

/// A log that is open. `SQLite` gives the memory for it.
// What every `unsafe` of this module relies on:
//
// 1. `SQLite` calls the functions of `METHODS` only with a file that `open` has given them, from one thread at a time, and
//    nothing after `close`. Pointers that it hands over with it are good for what the function is for, until it returns.
// 2. Such a file is a `LogFile`, and right behind it is a file of the system that was opened and has its functions:
//    `szOsFile` asks for as much memory as both need, and the first one's size keeps the second one aligned.
// 3. `GatheredPages::file` is null or such a file: it is set by a write within a commit and forgotten with the end of the commit
//    or of the file, and `SQLite` neither closes nor moves a file within one.
#[repr(C)]
struct LogFile {
    base: ffi::sqlite3_file,
    /// Whether its beginning was written and not flushed yet. It must be, before what follows can be: else, after a crash,
    /// old pages could follow a new beginning, or new ones an old one.
    header_is_new: bool,
}

const _: () = assert!(size_of::<LogFile>().is_multiple_of(8), "SQLite's structures are aligned to eight bytes at most");
const _: () = assert!(mem::offset_of!(LogFile, base) == 0, "a pointer to the one is a pointer to the other");

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    // Neither shared memory, which belongs to the file of the database, nor mapping.
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

/// # Safety
/// That of `xOpen`: memory of `szOsFile` bytes at `file`, and a name that stays as long as the file.
unsafe extern "C" fn open(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    let Some(Some(system)) = SYSTEM.get() else { return ffi::SQLITE_CANTOPEN };
    let system = system.load(Ordering::Relaxed);
    // SAFETY: `SYSTEM` has the address of a structure that stays.
    let Some(open) = (unsafe { (*system).xOpen }) else { return ffi::SQLITE_CANTOPEN };
    if flags & ffi::SQLITE_OPEN_WAL == 0 {
        // SAFETY: our caller has given what is asked for, with more memory than the system's file needs.
        return unsafe { open(system, name, file, flags, flags_out) };
    }
    let inner = system_file(file);
    // SAFETY: behind a `LogFile` there is as much memory left as the system's file needs, as aligned as before. It says itself
    // whether there is something to close now, also when it fails; so long nothing is.
    let (result, is_open) = unsafe {
        (*inner).pMethods = ptr::null();
        let result = open(system, name, inner, flags, flags_out);
        (result, !(*inner).pMethods.is_null())
    };
    let base = ffi::sqlite3_file { pMethods: if is_open { &raw const METHODS } else { ptr::null() } };
    // SAFETY: the memory is there and large enough; nothing in it is to be dropped.
    unsafe { file.cast::<LogFile>().write(LogFile { base, header_is_new: false }) };
    result
}

/// # Safety
/// That of `xClose`: rule 1.
unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // Nothing is gathered outside of a commit, and none is under way.
    gathered(|gathered| {
        if gathered.file == file {
            gathered.forget();
        }
    });
    system!(file, xClose() else ffi::SQLITE_OK)
}

/// # Safety
/// That of `xRead`: rule 1, and room for `length` bytes at `buffer`.
unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, buffer: *mut c_void, length: c_int, offset: i64) -> c_int {
    match hand_on(file) {
        ffi::SQLITE_OK => system!(file, xRead(buffer, length, offset) else ffi::SQLITE_IOERR_READ),
        error => error,
    }
}

/// # Safety
/// That of `xWrite`: rule 1, and `length` bytes at `bytes`.
unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, bytes: *const c_void, length: c_int, offset: i64) -> c_int {
    let Ok(size) = usize::try_from(length) else { return ffi::SQLITE_IOERR_WRITE };
    if offset == 0 {
        // SAFETY: rule 2.
        unsafe { (*file.cast::<LogFile>()).header_is_new = true };
    } else {
        // SAFETY: so many bytes are there, and nobody changes them meanwhile.
        let content = unsafe { slice::from_raw_parts(bytes.cast::<u8>(), size) };
        let kept = gathered(|gathered| gathered.keep(file, content, (offset, offset.saturating_add(i64::from(length)))));
        if let Some(result) = kept.flatten() {
            return result;
        }
    }
    match hand_on(file) {
        ffi::SQLITE_OK => system!(file, xWrite(bytes, length, offset) else ffi::SQLITE_IOERR_WRITE),
        error => error,
    }
}

/// # Safety
/// That of `xTruncate`: rule 1.
unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    match hand_on(file) {
        ffi::SQLITE_OK => system!(file, xTruncate(size) else ffi::SQLITE_IOERR_TRUNCATE),
        error => error,
    }
}

/// # Safety
/// That of `xSync`: rule 1.
unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    let result = hand_on(file);
    if result != ffi::SQLITE_OK {
        return result;
    }
    let ends_commit = match gathered(|gathered| gathered.end_commit(file)).unwrap_or(Ok(false)) {
        Ok(ends) => ends,
        Err(failure) => return failure,
    };
    // SAFETY: rule 2.
    if ends_commit && !unsafe { (*file.cast::<LogFile>()).header_is_new } {
        return ffi::SQLITE_OK;
    }
    let result = system!(file, xSync(flags) else ffi::SQLITE_IOERR_FSYNC);
    if result == ffi::SQLITE_OK {
        // SAFETY: rule 2.
        unsafe { (*file.cast::<LogFile>()).header_is_new = false };
    }
    result
}

/// # Safety
/// That of `xFileSize`: rule 1, and room for a number at `size`.
unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, size: *mut i64) -> c_int {
    match hand_on(file) {
        ffi::SQLITE_OK => system!(file, xFileSize(size) else ffi::SQLITE_IOERR_FSTAT),
        error => error,
    }
}

/// # Safety
/// That of `xLock`: rule 1.
unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    system!(file, xLock(level) else ffi::SQLITE_IOERR_LOCK)
}

/// # Safety
/// That of `xUnlock`: rule 1.
unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    system!(file, xUnlock(level) else ffi::SQLITE_IOERR_UNLOCK)
}

/// # Safety
/// That of `xCheckReservedLock`: rule 1, and room for a number at `is_locked`.
unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, is_locked: *mut c_int) -> c_int {
    system!(file, xCheckReservedLock(is_locked) else ffi::SQLITE_IOERR_CHECKRESERVEDLOCK)
}

/// # Safety
/// That of `xFileControl`: rule 1, and at `argument` what the operation says.
unsafe extern "C" fn file_control(file: *mut ffi::sqlite3_file, operation: c_int, argument: *mut c_void) -> c_int {
    system!(file, xFileControl(operation, argument) else ffi::SQLITE_NOTFOUND)
}

/// # Safety
/// That of `xSectorSize`: rule 1.
unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    // What is too small is taken for the smallest sector there is.
    system!(file, xSectorSize() else 0)
}

/// # Safety
/// That of `xDeviceCharacteristics`: rule 1.
unsafe extern "C" fn device_characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    // Nothing that could be relied on.
    system!(file, xDeviceCharacteristics() else 0)
}
