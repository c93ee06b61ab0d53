#include "support/disk.h"
#include "base/banned.h"
#include <signal.h>
#include <sqlite3.h>

/* A layer over SQLite's own VFS: every method goes on to the real file, except that
 * those which change it may fail first. */
struct file {
    sqlite3_file base;
    sqlite3_file *real;
};

static _Thread_local int due, failed;
static _Thread_local enum disk_fault how_to_fail;
static sqlite3_vfs layer;

static sqlite3_vfs *
below(void)
{
    return layer.pAppData;
}

static sqlite3_file *
real(sqlite3_file *f)
{
    return ((struct file *)f)->real;
}

static int
fault(void)
{
    if (due && --due == 0) {
        if (how_to_fail == DISK_KILL)
            raise(SIGKILL);
        failed = 1;
    }
    if (!failed)
        return SQLITE_OK;
    return how_to_fail == DISK_FULL ? SQLITE_FULL : SQLITE_IOERR;
}

static int
f_close(sqlite3_file *f)
{
    return real(f)->pMethods->xClose(real(f));
}

static int
f_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    return real(f)->pMethods->xRead(real(f), to, n, at);
}

static int
f_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    int code = fault();
    return code ? code : real(f)->pMethods->xWrite(real(f), from, n, at);
}

static int
f_truncate(sqlite3_file *f, sqlite3_int64 n)
{
    int code = fault();
    return code ? code : real(f)->pMethods->xTruncate(real(f), n);
}

static int
f_sync(sqlite3_file *f, int flags)
{
    int code = fault();
    return code ? code : real(f)->pMethods->xSync(real(f), flags);
}

static int
f_size(sqlite3_file *f, sqlite3_int64 *n)
{
    return real(f)->pMethods->xFileSize(real(f), n);
}

static int
f_lock(sqlite3_file *f, int level)
{
    return real(f)->pMethods->xLock(real(f), level);
}

static int
f_unlock(sqlite3_file *f, int level)
{
    return real(f)->pMethods->xUnlock(real(f), level);
}

static int
f_reserved(sqlite3_file *f, int *out)
{
    return real(f)->pMethods->xCheckReservedLock(real(f), out);
}

static int
f_control(sqlite3_file *f, int op, void *arg)
{
    return real(f)->pMethods->xFileControl(real(f), op, arg);
}

static int
f_sector(sqlite3_file *f)
{
    return real(f)->pMethods->xSectorSize(real(f));
}

static int
f_device(sqlite3_file *f)
{
    return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static int
f_shm_map(sqlite3_file *f, int region, int n, int extend, void volatile **out)
{
    return real(f)->pMethods->xShmMap(real(f), region, n, extend, out);
}

static int
f_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
}

static void
f_shm_barrier(sqlite3_file *f)
{
    real(f)->pMethods->xShmBarrier(real(f));
}

static int
f_shm_unmap(sqlite3_file *f, int remove)
{
    return real(f)->pMethods->xShmUnmap(real(f), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = f_close,
    .xRead = f_read,
    .xWrite = f_write,
    .xTruncate = f_truncate,
    .xSync = f_sync,
    .xFileSize = f_size,
    .xLock = f_lock,
    .xUnlock = f_unlock,
    .xCheckReservedLock = f_reserved,
    .xFileControl = f_control,
    .xSectorSize = f_sector,
    .xDeviceCharacteristics = f_device,
    .xShmMap = f_shm_map,
    .xShmLock = f_shm_lock,
    .xShmBarrier = f_shm_barrier,
    .xShmUnmap = f_shm_unmap,
};

static int
v_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
    struct file *file = (struct file *)f;
    int code;

    (void)v;
    file->real = (sqlite3_file *)(file + 1);
    code = below()->xOpen(below(), name, file->real, flags, out);
    f->pMethods = file->real->pMethods ? &methods : NULL;
    return code;
}

void
disk_fault(int nth, enum disk_fault how)
{
    sqlite3_vfs *unix_vfs = sqlite3_vfs_find("unix");

    if (!layer.zName) {
        layer = *unix_vfs; /* its other methods do not mind under which name they are called */
        layer.zName = "failing-disk";
        layer.szOsFile = (int)sizeof(struct file) + unix_vfs->szOsFile;
        layer.pAppData = unix_vfs;
        layer.xOpen = v_open;
        sqlite3_vfs_register(&layer, 1);
    }
    due = nth;
    failed = 0;
    how_to_fail = how;
}

int
disk_failed(void)
{
    return failed;
}
